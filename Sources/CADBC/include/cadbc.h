// Arrow Database Connectivity (ADBC) 1.0.0 as a driver library offers it: the structs whose layout is a stable ABI.
//
// A driver is loaded at run time, and its initialisation function fills a `cadbc_driver`. Pointers to structs of the Arrow
// C data interface are `void *` here, because another module declares them.
#ifndef CADBC_H
#define CADBC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t cadbc_status;

enum { CADBC_OK = 0 };

// The version of the interface, in the form that initialisation functions take.
enum { CADBC_VERSION = 1000000 };

// The reason of a failure. Must be zero before a call; the caller releases it. The last two members belong to version
// 1.1.0, and drivers leave them alone because `vendor_code` is zero.
typedef struct cadbc_error {
    char *message;
    int32_t vendor_code;
    char sqlstate[5];
    void (*release)(struct cadbc_error *error);
    void *private_data;
    void *private_driver;
} cadbc_error;

// A database, connection or statement, which all have this layout. Must be zero before it is created.
typedef struct cadbc_object {
    void *private_data;
    void *private_driver;
} cadbc_object;

typedef struct cadbc_driver cadbc_driver;

// An initialisation function, which a driver library exports.
typedef cadbc_status (*cadbc_init)(int version, void *driver, cadbc_error *error);

// The functions of a driver. Those that are never called here are plain pointers.
struct cadbc_driver {
    void *private_data;
    void *private_manager;
    cadbc_status (*release)(cadbc_driver *driver, cadbc_error *error);

    cadbc_status (*database_init)(cadbc_object *database, cadbc_error *error);
    cadbc_status (*database_new)(cadbc_object *database, cadbc_error *error);
    cadbc_status (*database_set_option)(cadbc_object *database, const char *key, const char *value, cadbc_error *error);
    cadbc_status (*database_release)(cadbc_object *database, cadbc_error *error);

    cadbc_status (*connection_commit)(cadbc_object *connection, cadbc_error *error);
    void *connection_get_info;
    void *connection_get_objects;
    void *connection_get_table_schema;
    void *connection_get_table_types;
    cadbc_status (*connection_init)(cadbc_object *connection, cadbc_object *database, cadbc_error *error);
    cadbc_status (*connection_new)(cadbc_object *connection, cadbc_error *error);
    cadbc_status (*connection_set_option)(cadbc_object *connection, const char *key, const char *value,
                                          cadbc_error *error);
    void *connection_read_partition;
    cadbc_status (*connection_release)(cadbc_object *connection, cadbc_error *error);
    cadbc_status (*connection_rollback)(cadbc_object *connection, cadbc_error *error);

    // Takes over both structs, an ArrowArray and an ArrowSchema.
    cadbc_status (*statement_bind)(cadbc_object *statement, void *array, void *schema, cadbc_error *error);
    void *statement_bind_stream;
    // Fills an ArrowArrayStream, which may be NULL if there is no result, and counts the changed rows, or writes -1.
    cadbc_status (*statement_execute_query)(cadbc_object *statement, void *stream, int64_t *rows, cadbc_error *error);
    void *statement_execute_partitions;
    void *statement_get_parameter_schema;
    cadbc_status (*statement_new)(cadbc_object *connection, cadbc_object *statement, cadbc_error *error);
    void *statement_prepare;
    cadbc_status (*statement_release)(cadbc_object *statement, cadbc_error *error);
    cadbc_status (*statement_set_option)(cadbc_object *statement, const char *key, const char *value,
                                         cadbc_error *error);
    cadbc_status (*statement_set_sql_query)(cadbc_object *statement, const char *query, cadbc_error *error);
    void *statement_set_substrait_plan;
};

// The file of the library that an address belongs to; NULL if there is none.
const char *cadbc_library_of(const void *address);

#ifdef __cplusplus
}
#endif

#endif
