// libmosquitto as the distribution ships it.
#include <mosquitto.h>
#include <mqtt_protocol.h>
