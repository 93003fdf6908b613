# Sourced by the scripts that start a broker, a receiver and a daemon of their own. Files are in one
# folder of the checkout; processes are children, ended by their ids, and die with the script
# (--pdeathsig) even when it is killed.
#
#   stage FOLDER PROGRAM    makes the folder; everything below is cleaned up at exit
#   start_broker            mosquitto with the shipped configuration on a free port
#   start_receiver          `tocsin receive`, which checks signatures
#   start_daemon RULES SUBSCRIBE   `tocsin run`; returns when it is ready
#   scrape, metric NAME, quantile SHARE

folder=
tocsin=
log=
received=
broker_port=
api_port=
broker_pid=
receiver_pid=
daemon_pid=
player_pid=
failures=0

say() { printf '\n── %s\n' "$*"; }

stop_with() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 1
}

failed() {
    printf '%s: FAILED: %s\n' "${0##*/}" "$1" >&2
    failures=$((failures + 1))
}

stage() {
    folder=$1
    tocsin=$2
    log=$folder/log/alerts.jsonl
    received=$folder/received.jsonl
    # Where Debian keeps the broker, for users whose PATH leaves it out.
    PATH=$PATH:/usr/sbin
    [ -x "$tocsin" ] || stop_with "$tocsin is missing: run \`make build\`"
    command -v mosquitto >/dev/null || stop_with "mosquitto is missing: run scripts/bootstrap demo"
    if [ -e "$folder" ]; then
        local other
        other=$(cat "$folder/pid" 2>/dev/null || true)
        is_alive "$other" && stop_with "another one runs here (pid $other); end it with Ctrl-C"
        rm -rf "$folder"
    fi
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$folder/broker"
    echo $$ >"$folder/pid"
}

clean_up() {
    trap - EXIT INT TERM HUP
    end_child "$player_pid" 20
    end_child "$daemon_pid" 150
    end_child "$receiver_pid" 50
    end_child "$broker_pid" 50
    rm -rf "$folder"
}

# Starts a child outside the terminal's process group: Ctrl-C reaches the script alone, which stops
# the rest in order. Its id is in $!.
child() {
    setsid setpriv --pdeathsig TERM "$@" &
}

is_alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

is_gone() { ! is_alive "$1"; }

# Ends a child: TERM, and KILL after the given tenths of a second.
end_child() {
    local pid=$1 patience=$2
    [ -n "$pid" ] || return 0
    kill -TERM "$pid" 2>/dev/null || true
    wait_for "$patience" is_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# Waits until a command succeeds, at most $1 tenths of a second.
wait_for() {
    local patience=$1 i
    shift
    for ((i = 0; i < patience; i++)); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A loopback port that nobody listens on, below the range the system gives to clients.
free_port() {
    local port i
    for ((i = 0; i < 100; i++)); do
        port=$((20000 + RANDOM % 12000))
        answers "$port" || { echo "$port"; return; }
    done
    stop_with "no free port between 20000 and 31999"
}

# Starts the broker; again on the same port and database when it ran before.
start_broker() {
    local try
    if [ -n "$broker_port" ]; then
        launch_broker || stop_with "mosquitto does not start again: $(tail -n 3 "$folder/broker.log")"
        return
    fi
    # Somebody may take the port between finding and using it.
    for ((try = 0; try < 10; try++)); do
        broker_port=$(free_port)
        sed "s/^listener 1883 /listener $broker_port /" packaging/mosquitto/tocsin.conf \
            >"$folder/mosquitto.conf"
        # Started as root it would become another user, who cannot write here.
        printf 'persistence_location %s/broker/\nuser %s\n' "$folder" "$(id -un)" \
            >>"$folder/mosquitto.conf"
        launch_broker && return
    done
    stop_with "mosquitto does not start: $(tail -n 3 "$folder/broker.log")"
}

launch_broker() {
    child mosquitto -c "$folder/mosquitto.conf" >>"$folder/broker.log" 2>&1
    broker_pid=$!
    wait_for 100 broker_is_settled && is_alive "$broker_pid"
}

broker_is_settled() { is_gone "$broker_pid" || answers "$broker_port"; }

start_receiver() {
    (umask 077 && echo "whsec_$(head -c 32 /dev/urandom | base64 -w 0)" >"$folder/secret")
    child "$tocsin" receive --listen 127.0.0.1:0 --secret-file "$folder/secret" \
        --out "$received" --port-file "$folder/receiver.port" "$@" 2>>"$folder/receiver.log"
    receiver_pid=$!
    wait_for 100 test -s "$folder/receiver.port" \
        || stop_with "the receiver does not start: $(tail -n 3 "$folder/receiver.log")"
}

write_configuration() {
    cat >"$folder/tocsin.yaml" <<YAML
site: {id: demo, name: "Demonstration", utc_offset: "+00:00"}
broker:
  url: mqtt://127.0.0.1:$broker_port
  client_id: tocsin-demo
  qos: 1
  subscribe: $2
decode:
  - {topics: "#", format: json, value_at: /v, time_at: /ts, unit_at: /u, quality_at: /q}
rules: $1
state: $folder/state
alert_log: {path: $log}
webhooks:
  - name: duty-room
    url: "http://127.0.0.1:$(cat "$folder/receiver.port")/alarms"
    secret_file: $folder/secret
http: {listen: 127.0.0.1:$api_port}
YAML
}

start_daemon() {
    api_port=$(free_port)
    write_configuration "$1" "$2"
    child "$tocsin" run --config "$folder/tocsin.yaml" 2>"$folder/daemon.log"
    daemon_pid=$!
    wait_for 300 daemon_is_settled && is_alive "$daemon_pid" && return
    cat "$folder/daemon.log" >&2
    stop_with "the daemon does not come up"
}

daemon_is_settled() {
    is_gone "$daemon_pid" || get /readyz | grep '^HTTP/1.1 200' >/dev/null
}

# Stops the daemon in order; its exit code is part of what is shown.
stop_daemon() {
    local status=0
    kill -TERM "$daemon_pid"
    wait_for 200 is_gone "$daemon_pid" || failed "the daemon does not stop within 20 s"
    wait "$daemon_pid" || status=$?
    daemon_pid=
    [ "$status" = 0 ] || failed "the daemon ended with $status"
}

# GET on the daemon's API, head and body, without another program.
get() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$api_port"
        printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3
        cat <&3
    ) 2>/dev/null | tr -d '\r'
}

scrape() { get /metrics | sed '1,/^$/d' >"$folder/metrics"; }

# One metric of the last scrape: the sum over its labels.
metric() {
    awk -v name="$1" '
        { split($1, part, "{") }
        part[1] == name { sum += $2 }
        END { printf "%.0f", sum }' "$folder/metrics"
}

# The bound of the histogram's bucket that holds the given share of deliveries.
quantile() {
    awk -v share="$1" '
        /^tocsin_delivery_seconds_bucket/ {
            split($1, part, "\"")
            bound[++n] = part[2]
            below[n] = $2
        }
        END {
            for (i = 1; i <= n; i++)
                if (below[n] > 0 && below[i] >= share * below[n]) {
                    if (bound[i] == "+Inf") print "> " bound[i - 1] * 1000 " ms"
                    else print "≤ " bound[i] * 1000 " ms"
                    exit
                }
            print "-"
        }' "$folder/metrics"
}

has_delivered_all() {
    scrape
    [ "$(metric tocsin_outbox_entries)" = 0 ] && [ "$(metric tocsin_samples_in_flight)" = 0 ]
}
