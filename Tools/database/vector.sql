-- A type that is written like pgvector's, and converted from real[] like it; it cannot be compared or searched.
CREATE TYPE vector;
CREATE FUNCTION vector_in(cstring) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'bpchartypmodin';
CREATE FUNCTION vector_typmod_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'bpchartypmodout';
CREATE TYPE vector (
    INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = vector_typmod_in, TYPMOD_OUT = vector_typmod_out, LIKE = text
);
CREATE FUNCTION vector_of(real[]) RETURNS vector LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT array_to_json($1)::text::vector $$;
CREATE CAST (text AS vector) WITHOUT FUNCTION;
CREATE CAST (real[] AS vector) WITH FUNCTION vector_of(real[]) AS ASSIGNMENT;
