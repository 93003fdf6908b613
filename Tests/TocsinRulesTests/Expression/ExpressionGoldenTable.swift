/// Expressions that are accepted: `pack: text`, `= canonical text` where it differs, `> outline` of
/// the checked tree (↑ ↓ = carries deadband).
let acceptedExpressions = #"""
    lel: value >= limit.H
      > (>=↑ value limit.H)
    lel: value>=limit.HH
      = value >= limit.HH
      > (>=↑ value limit.HH)
    lel: limit.H <= value
      > (<=↑ limit.H value)
    lel: value >= 25
      > (>=↑ value 25.0)
    lel: value >= 25 %LEL
      > (>=↑ value 25.0)
    lel: value >= 25%LEL
      = value >= 25 %LEL
      > (>=↑ value 25.0)
    lel: value >= 25 % LEL
      = value >= 25 %LEL
      > (>=↑ value 25.0)
    lel: value >= 2.2 %vol
      > (>=↑ value 44.0)
    lel: value >= 50 % of span
      > (>=↑ value 50.0)
    lel: value > limit.H - 2 % of span
      > (>↑ value (- limit.H 2.0))
    nh3: value >= 35 ppm
      > (>=↑ value 35.0)
    nh3: value >= 30 mg/m3
      > (>=↑ value 43.095655622)
    nh3: value >= 0.5 %LEL
      > (>=↑ value 750.0)
    nh3: value >= 50 % of span
      > (>=↑ value 100.0)
    nh3: value ≥ ３５ ｐｐｍ
      = value >= 35 ppm
      > (>=↑ value 35.0)
    nh3: （value ≥ ３５） and not （over or under）
      = value >= 35 and not (over or under)
      > (and (>=↑ value 35.0) (not (or over under)))
    nh3: stream("{line}/gas") > value
      > (> (* $0 1.4365218540653644) value)
    nh3: stream("{line}/gas") > 20 ppm
      > (> $0 13.9225170459)
    temp: value >= 70 °C
      > (>=↑ value 70.0)
    temp: value >= 70 ℃
      = value >= 70 °C
      > (>=↑ value 70.0)
    temp: value >= 343.15 K
      > (>=↑ value 70.0)
    temp: value >= 158 °F
      > (>=↑ value 70.0)
    temp: value > stream("{line}/ambient") + 40 K
      > (> value (+ (+ $0 40.0) -273.15))
    temp: value - stream("{line}/ambient") > 40 K
      > (>↑ (- value (+ $0 -273.15)) 40.0)
    temp: value - stream("{line}/ambient") > 40 °C
      > (>↑ (- value (+ $0 -273.15)) 40.0)
    temp: value - stream("{line}/ambient") > 40
      > (>↑ (- value (+ $0 -273.15)) 40.0)
    temp: value - 20 °C > 5 °C
      > (>↑ (- value 20.0) 5.0)
    temp: value > limit.H - 2 K
      > (>↑ value (- limit.H 2.0))
    temp: value > limit.H - 2
      > (>↑ value (- limit.H 2.0))
    temp: value + 5 >= limit.H
      > (>=↑ (+ value 5.0) limit.H)
    temp: value <= -10 °C
      > (<=↓ value -10.0)
    temp: value >= 80 % of span
      > (>=↑ value 116.0)
    temp: value >= limit.H - 1 % of span
      > (>=↑ value (- limit.H 1.7))
    temp: (value - stream("{line}/ambient")) / 2 > 5 K
      > (>↑ (/ (- value (+ $0 -273.15)) 2.0) 5.0)
    temp: (value - limit.H) / (limit.HH - limit.H) > 0.5
      > (> (/ (- value limit.H) (- limit.HH limit.H)) 0.5)
    mpa: value < 0.15 MPa
      > (<↓ value 0.15)
    mpa: value < 70 kPa
      > (<↓ value 0.07)
    mpa: value < 1.5 bar
      > (<↓ value 0.15)
    mpa: value > stream("{line}/pressure")
      > (> value (* $0 0.001))
    mpa: stream("{line}/pressure") < value * 2
      > (< (* $0 0.001) (* value 2.0))
    mpa: stream("{line}/pressure") < 0.3 MPa
      > (< $0 300.0)
    kpa: value < 0.07 MPa
      > (<↓ value 70.0)
    kpa: value / limit.H > 1.2
      > (> (/ value limit.H) 1.2)
    kpa: value / 2 > limit.H
      > (>↑ (/ value 2.0) limit.H)
    kpa: 6 / 2 * value > limit.H
      > (>↑ (* 3.0 value) limit.H)
    kpa: value × 2 ÷ 3 ≥ limit.H × 0.9
      = value * 2 / 3 >= limit.H * 0.9
      > (>=↑ (/ (* value 2.0) 3.0) (* limit.H 0.9))
    kpa: -value < -limit.H
      > (<↓ (- value) (- limit.H))
    kpa: limit.HH - value <= 5
      > (<=↓ (- limit.HH value) 5.0)
    kpa: limit.HH - value <= 5 kPa
      > (<=↓ (- limit.HH value) 5.0)
    kpa: value != 0 and value == 5
      > (and (!= value 0.0) (== value 5.0))
    time: value >= 5m
      = value >= 5 m
      > (>=↑ value 300.0)
    time: value >= 5 h
      = value >= 5h
      > (>=↑ value 18000.0)
    level: value >= 3.5 m
      > (>=↑ value 3.5)
    level: value >= 3.5m
      = value >= 3.5 m
      > (>=↑ value 3.5)
    level: value >= 350 cm
      > (>=↑ value 3.5)
    level: value <= 1 % of span
      > (<=↓ value 0.12)
    spark: value >= 3/min
      > (>=↑ value 3.0)
    spark: value >= 3 /min
      = value >= 3/min
      > (>=↑ value 3.0)
    spark: value >= 180 /h
      = value >= 180/h
      > (>=↑ value 3.0)
    ratio: value * limit.H > 5
      > (>↑ (* value limit.H) 5.0)
    lel: age > 5m
      > (> age 300000.0)
    lel: age>30s or age > 1h
      = age > 30s or age > 1h
      > (or (> age 30000.0) (> age 3600000.0))
    lel: age > 2 * 30s
      > (> age 60000.0)
    lel: quality is bad
      > (quality bad)
    lel: quality is not good and not over
      > (and (quality-not good) (not over))
    lel: over or value >= limit.HH
      > (or over (>=↑ value limit.HH))
    lel: not value >= limit.H
      > (not (>=↑ value limit.H))
    lel: not (value >= limit.H and over)
      > (not (and (>=↑ value limit.H) over))
    lel: not not over
      > (not (not over))
    lel: over and under or not over and under
      > (or (and over under) (and (not over) under))
    lel: over and (under or not over) and under
      > (and (and over (or under (not over))) under)
    lel: over or (under or over)
      > (or over (or under over))
    lel: (((value))) >= ((limit.H))
      = value >= limit.H
      > (>=↑ value limit.H)
    lel: value + 1 - 2 * 3 > limit.H
      > (>↑ (- (+ value 1.0) 6.0) limit.H)
    lel: value - (1 - 2) > limit.H
      > (>↑ (- value -1.0) limit.H)
    lel: value - (limit.H - 2) > 0
      > (>↑ (- value (- limit.H 2.0)) 0.0)
    lel: value * (limit.H / limit.HH) > 5
      > (>↑ (* value (/ limit.H limit.HH)) 5.0)
    lel: - - value < 3
      = --value < 3
      > (<↓ (- (- value)) 3.0)
    lel: value > 1e2
      = value > 100
      > (>↑ value 100.0)
    lel: value > 1e-05
      > (>↑ value 1e-05)
    lel: value > 12345678.125
      > (>↑ value 12345678.125)
    airlock: value is running
      > (is own 0)
    airlock: value is not fault
      > (is-not own 2)
    airlock: value is not-in-auto
      > (is own 3)
    airlock: value is not not-in-auto
      > (is-not own 3)
    airlock: value is "故障 2"
      > (is own 4)
    airlock: value is “故障 2”
      = value is "故障 2"
      > (is own 4)
    airlock: value is "not"
      > (is own 5)
    airlock: value is stopped for 5s
      > (is own 1 5000ms)
    airlock: value is not running for 1.5 m and value is "故障 2" for ５ s
      = value is not running for 1.5m and value is "故障 2" for 5s
      > (and (is-not own 0 90000ms) (is own 4 5000ms))
    airlock: value is stopped and stream("{line}/dust/fan/main") is running for 60s
      > (and (is own 1) (is $0 0 60000ms))
    airlock: value is stopped and stream("{line}/dust/fan/main") is running
      > (and (is own 1) (is $0 0))
    airlock: value is stopped and stream('{line}/dust/fan/main') is 故障
      = value is stopped and stream("{line}/dust/fan/main") is 故障
      > (and (is own 1) (is $0 3))
    airlock: value is stopped and stream("{line}/pressure") >= 20 kPa
      > (and (is own 1) (>= $0 20.0))
    airlock: stream("{line}/dust/fan/main") is not running or stream("{line}/ambient") > 300 K \#
    or stream("{line}/dust/fan/main") is stopped
      > (or (or (is-not $0 0) (> $1 300.0)) (is $0 1))
    bare: value >= limit.H
      > (>=↑ value limit.H)
    bare: value >= 5
      > (>=↑ value 5.0)
    bare: value - stream("plant/raw") > 5
      > (>↑ (- value $0) 5.0)
    bare: value / limit.H > 5
      > (> (/ value limit.H) 5.0)
    cl2: value >= 5000 ppm
      > (>=↑ value 0.5)
    cl2: value >= 5 %
      > (>=↑ value 5.0)
    lel: value >= limit.H and (over or under) or not under
      > (or (and (>=↑ value limit.H) (or over under)) (not under))
    kpa: value > 2 + limit.H
      > (>↑ value (+ 2.0 limit.H))
    kpa: value ≤ limit.H and value ≠ ５
      = value <= limit.H and value != 5
      > (and (<=↓ value limit.H) (!= value 5.0))
    kpa: 2 < value
      > (<↑ 2.0 value)
    kpa: value - 5 kPa > stream("{line}/pressure")
      > (> (- value 5.0) $0)
    temp: value - stream("{line}/ambient") > 10 °F
      > (>↑ (- value (+ $0 -273.15)) 5.55555555556)
    temp: 10 K + stream("{line}/ambient") < value
      > (< (+ (+ 10.0 $0) -273.15) value)
    nh3: value >= 0.003 %
      > (>=↑ value 30.0)
    """#
