#include <libtorch-c.h>
