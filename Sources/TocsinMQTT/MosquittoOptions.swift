import CMosquitto
import Glibc

extension MosquittoHandle {
    /// Gives the library a broker's settings; throws what it refuses.
    func configure(_ settings: BrokerSettings) throws(MQTTError) {
        try setOption(
            MOSQ_OPT_PROTOCOL_VERSION,
            settings.version == .v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311,
            name: "version")
        try setOption(MOSQ_OPT_TCP_NODELAY, 1, name: "TCP_NODELAY")
        try setOption(
            MOSQ_OPT_RECEIVE_MAXIMUM, Int32(settings.receiveMaximum), name: "receive_maximum")
        try setOption(MOSQ_OPT_SEND_MAXIMUM, Int32(settings.sendMaximum), name: "send_maximum")
        if let username = settings.username {
            try accept(
                mosquitto_username_pw_set(pointer, username, settings.password), name: "username")
        }
        if settings.address.isEncrypted { try configureTLS(settings.tls ?? TLSSettings()) }
        if settings.version == .v5 && !settings.cleanSession {
            try keepConnectProperties(settings)
        }
    }

    private func configureTLS(_ tls: TLSSettings) throws(MQTTError) {
        for path in [tls.ca, tls.certificate, tls.key].compactMap({ $0 })
        where access(path, R_OK) != 0 {
            throw .unreadableFile(path: path, problem: Reason.systemError(errno))
        }
        guard tls.ca != nil else {
            try setOption(MOSQ_OPT_TLS_USE_OS_CERTS, 1, name: "tls")
            if tls.certificate != nil {
                throw .badSetting(
                    name: "tls.ca",
                    problem: "is missing; the library takes a client certificate "
                        + "only together with a CA file")
            }
            return
        }
        // The password callback answers nothing: without it OpenSSL would ask on the terminal.
        let code = mosquitto_tls_set(pointer, tls.ca, nil, tls.certificate, tls.key) {
            _, _, _, _ in 0
        }
        try accept(code, name: "tls")
    }

    // mosquitto_connect_async takes no properties of CONNECT, but sends those that an earlier
    // mosquitto_connect_bind_v5 left behind. That call copies them before it looks at its other
    // arguments, so with a keep-alive the library refuses (1 s) it stores them and opens nothing.
    // A test watches that a session outlives its connection; a library that changes this fails it.
    private func keepConnectProperties(_ settings: BrokerSettings) throws(MQTTError) {
        var properties: OpaquePointer?
        defer { mosquitto_property_free_all(&properties) }
        try accept(
            mosquitto_property_add_int32(
                &properties, Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue),
                settings.sessionExpirySeconds),
            name: "session_expiry")
        let refusedKeepAlive: Int32 = 1
        let code = mosquitto_connect_bind_v5(
            pointer, settings.address.host, Int32(settings.address.port), refusedKeepAlive, nil,
            properties)
        guard code == MOSQ_ERR_INVAL.code, mosquitto_socket(pointer) < 0 else {
            throw .failed(call: "mosquitto_connect_bind_v5", problem: "did not refuse keep-alive 1")
        }
    }

    private func setOption(_ option: mosq_opt_t, _ value: Int32, name: String) throws(MQTTError) {
        try accept(mosquitto_int_option(pointer, option, value), name: name)
    }

    private func accept(_ code: Int32, name: String) throws(MQTTError) {
        guard code == MOSQ_ERR_SUCCESS.code else {
            throw .badSetting(name: name, problem: Reason.library(code, error: errno, log: ""))
        }
    }
}
