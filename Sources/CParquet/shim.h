#include <libparquet-c.h>
