import CMosquitto

/// Topic filters of MQTT (OASIS MQTT 5 §4.7), as the library reads them.
package enum TopicFilter {
    /// Whether it is not empty, and `+` and `#` stand where the standard lets them.
    package static func isValid(_ filter: String) -> Bool {
        !filter.isEmpty && mosquitto_sub_topic_check(filter) == MOSQ_ERR_SUCCESS.code
    }

    /// Whether a topic falls under a filter; false when either is malformed.
    package static func matches(_ filter: String, topic: String) -> Bool {
        var result = false
        return mosquitto_topic_matches_sub(filter, topic, &result) == MOSQ_ERR_SUCCESS.code
            && result
    }
}

extension mosq_err_t {
    /// As the functions of the library return it.
    var code: Int32 { Int32(rawValue) }
}
