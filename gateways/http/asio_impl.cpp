// Asio's own code, compiled once (BOOST_ASIO_SEPARATE_COMPILATION): it costs half a minute wherever it is included.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
