/// The configuration that `tocsin init` writes: every key with its default and a word of why.
package enum ConfigurationTemplate {
    package static let text = """
        # Tocsin's configuration. `tocsin check` reads it and says what is wrong, and where.
        # Relative paths count from this file's folder. Any single value can be overridden by an
        # environment variable such as TOCSIN_SITE__NAME or TOCSIN_WEBHOOKS__0__URL.

        site:
          id: gateway-01                   # part of every event's identity: never change it
          name: "Tank farm east"
          # latitude: 28.23                # degrees; give both or neither
          # longitude: 112.93
          # crs: WGS84                     # or CGCS2000, GCJ02, BD09
          utc_offset: "+08:00"             # of the local times in events

        broker:                            # one, or a list
          url: mqtt://127.0.0.1:1883       # mqtts:// for TLS
          version: "3.1.1"                 # or "5"
          # client_id: tocsin-gateway-01   # default: tocsin- and site.id
          qos: 1                           # with 1 the broker keeps what comes while we are away
          subscribe: ["plant/#"]
          # username: tocsin
          # password_file: secrets/broker  # chmod 600, or a systemd credential
          # tls: {ca: ca.pem, certificate: client.pem, key: secrets/client.key}

        decode:                            # the first entry whose topics match reads a frame
          - topics: "plant/#"
            format: json
            value_at: /v                   # JSON Pointers; a list gives one stream each
            time_at: /ts                   # without: the time of arrival
            # time_unit: ms
            unit_at: /u                    # or `unit: ppm` for all
            # quality_at: /q
            # test: tocsin-test/           # topics below it give mode `test`

        rules:                             # files and folders; folders: all *.yaml below
          - rules.d
        # inventory: inventory.csv         # sensors, set-points, places

        # state: /var/lib/tocsin
        # alert_log: {path: /var/log/tocsin/alerts.jsonl}

        # webhooks:
        #   - name: duty-room
        #     url: "https://alarms.example/hook"
        #     secret_file: secrets/duty-room   # whsec_ and base64 of 24 to 64 bytes, chmod 600
        #     match: {priority_at_least: high}
        #     timeout: 10s
        #     accept_test: false

        http:
          listen: 127.0.0.1:8686           # beyond loopback only with users_file
          # users_file: secrets/users
          # behind_proxy: false

        limits:
          payload: 256KiB                  # larger frames are rejected
          streams: 100000
          future: 60s                      # later times are not believed
          lateness: 500ms                  # how long a deadline waits for late samples
          samples_per_window: 4096         # history of streams without `every`
          memory: 512MiB                   # rings, windows and states; `tocsin plan` shows the need
          evaluations: 2000000             # conditions a second; half of one core as measured

        """
}
