/// Functions that are accepted; the same layout as `acceptedExpressions`.
let acceptedFunctions = #"""
    lel: mean(5m) >= limit.H
      > (>=↑ (mean 300000ms moments) limit.H)
    lel: forecast(value, over=5m, ahead=10m) >= limit.H and slope_significance(5m) > 3
      > (and (>=↑ (forecast 300000ms line 600000ms) limit.H) (> (significance 300000ms line) 3.0))
    lel: votes(value >= limit.H, of="{area}/hazchem/lel/+") >= 2
      > (>= (votes {area}/hazchem/lel/+ (>=↑ value limit.H)) 2.0)
    lel: mean(count=20) > 5
      > (>↑ (mean 20 moments) 5.0)
    lel: mean(over=5m) > 5 %LEL
      = mean(5m) > 5 %LEL
      > (>↑ (mean 300000ms moments) 5.0)
    lel: quantile(0.95, 5m) > 5
      > (>↑ (quantile 300000ms ranks(share: 0.95)) 5.0)
    lel: quantile(count=20, q=0.95) > 2 * median(1h)
      = quantile(0.95, count=20) > 2 * median(1h)
      > (> (quantile 20 ranks(share: 0.95)) (* 2.0 (quantile 3600000ms ranks(share: 0.5))))
    lel: limit.H <= max(count=3)
      > (<=↑ limit.H (greatest 3 extremes))
    lel: min(30s) < 5 and max(30s) - min(30s) < 1 %LEL
      > (and (<↓ (least 30000ms extremes) 5.0) (<↓ (- (greatest 30000ms extremes) (least 30000ms \#
    extremes)) 1.0))
    lel: stddev(10m) > 2 % of span
      > (> (stddev 600000ms moments) 2.0)
    temp: delta(10m) > 10 °C
      > (> (delta 600000ms ends) 10.0)
    temp: delta(10m) > 5 % of span
      > (> (delta 600000ms ends) 8.5)
    temp: mean(10m) > 5 % of span
      > (>↑ (mean 600000ms moments) -11.5)
    temp: slope(5m) >= 5 °C/min
      > (>= (slope 300000ms line) 0.08333333333333333)
    temp: slope(5m) >= 5 K/min
      = slope(5m) >= 5 °C/min
      > (>= (slope 300000ms line) 0.08333333333333333)
    temp: rate(5m) >= 300 °C/h
      > (>= (rate 300000ms ends) 0.08333333333333333)
    temp: rate(5m) >= 9 °F/min
      > (>= (rate 300000ms ends) 0.08333333333333333)
    lel: slope(10m) > 2 %LEL/min
      > (> (slope 600000ms line) 0.03333333333333333)
    lel: slope(10m) > 2 % LEL/min
      = slope(10m) > 2 %LEL/min
      > (> (slope 600000ms line) 0.03333333333333333)
    lel: slope(10m) > 2%LEL/min
      = slope(10m) > 2 %LEL/min
      > (> (slope 600000ms line) 0.03333333333333333)
    lel: rate(10m) > 1 %vol/h
      > (> (rate 600000ms ends) 0.005555555555555556)
    kpa: rate(2s) > 100 Pa/s
      > (> (rate 2000ms ends) 0.1)
    level: slope(6h) > 3 mm/d
      > (> (slope 21600000ms line) 3.472222222222222e-08)
    level: slope(6h) > 0.5 m/s
      > (> (slope 21600000ms line) 0.5)
    level: slope(6h) > 0.5 m/min
      > (> (slope 21600000ms line) 0.008333333333333333)
    ppm: dose(8h) > 100 ppm·h
      > (> (dose 28800000ms exposure) 360000.0)
    ppm: dose(8h) > 3000 ppm·min
      > (> (dose 28800000ms exposure) 180000.0)
    ppm: dose(8h) > 3000 ppm.min
      = dose(8h) > 3000 ppm·min
      > (> (dose 28800000ms exposure) 180000.0)
    nh3: dose(8h) > 20 mg/m3·h
      > (> (dose 28800000ms exposure) 103429.57349270623)
    ppm: twa(8h) >= limit.H
      > (>=↑ (twa 28800000ms exposure) limit.H)
    spark: dose(1h) > 5
      > (> (dose 3600000ms exposure) 300.0)
    spark: rate(1h) > 5 /min/h
      > (> (rate 3600000ms ends) 0.001388888888888889)
    ratio: rate(5m) > 3/min
      > (> (rate 300000ms ends) 0.05)
    ratio: slope(5m) > 180/h
      > (> (slope 300000ms line) 0.05)
    ppm: count(5m) < 3
      > (< (count 300000ms moments) 3.0)
    ppm: changes(1h) >= 4
      > (>= (changes 3600000ms changes) 4.0)
    airlock: changes(1h) >= 4
      > (>= (changes 3600000ms changes) 4.0)
    airlock: count(count=5) >= 4
      > (>= (count 5 moments) 4.0)
    ppm: ewma(5m) > limit.H
      > (>↑ (ewma 300000ms average(lambda: 0.2)) limit.H)
    ppm: ewma(5m, lambda=0.1) > limit.H
      > (>↑ (ewma 300000ms average(lambda: 0.1)) limit.H)
    ppm: ewma(count=30, lambda=1) > limit.H
      > (>↑ (ewma 30 average(lambda: 1.0)) limit.H)
    ppm: cusum(10m) > 5
      > (> (cusum 600000ms cusum(allowance: 0.5, decision: 5.0)) 5.0)
    ppm: cusum(10m, h=4, k=1) > 5
      = cusum(10m, k=1, h=4) > 5
      > (> (cusum 600000ms cusum(allowance: 1.0, decision: 4.0)) 5.0)
    ppm: zscore(1h) > 3
      > (> (zscore 3600000ms score) 3.0)
    ppm: flat(10m)
      > (flat 600000ms extremes 0.0)
    ppm: flat(10m, within=0.1 ppm) and value > 5
      > (and (flat 600000ms extremes 0.1) (>↑ value 5.0))
    ppm: flat(count=30, within=0.1)
      > (flat 30 extremes 0.1)
    temp: flat(10m, within=0.5 °C)
      > (flat 600000ms extremes 0.5)
    temp: flat(10m, within=1 % of span)
      > (flat 600000ms extremes 1.7)
    ppm: time_to(limit.HH, over=5m) < 10m
      > (< (time_to limit.HH 300000ms line) 600000.0)
    ppm: time_to(50 ppm, over=5m) < 600s or 10m > time_to(limit.H, count=30)
      > (or (< (time_to 50.0 300000ms line) 600000.0) (> 600000.0 (time_to limit.H 30 line)))
    level: time_to(11.5 m, over=1h) < 1h
      > (< (time_to 11.5 3600000ms line) 3600000.0)
    temp: time_to(limit.H, over=5m) < 10m
      > (< (time_to limit.H 300000ms line) 600000.0)
    lel: during("mon-fri 08:00-18:00") and value > limit.H
      > (and (during 31 480 1080) (>↑ value limit.H))
    lel: not during("sat,sun 22:00-06:00")
      > (not (during 96 1320 360))
    temp: abs(value - stream("{line}/ambient")) > 5 K
      > (>↑ (absolute (- value (+ $0 -273.15))) 5.0)
    kpa: abs(value - limit.H) > 5
      > (>↑ (absolute (- value limit.H)) 5.0)
    kpa: sqrt(value / limit.H) > 1.1
      > (> (squareRoot (/ value limit.H)) 1.1)
    kpa: ln(value / limit.H) > 1 or exp(value / limit.H) > 3
      > (or (> (logarithm (/ value limit.H)) 1.0) (> (exponential (/ value limit.H)) 3.0))
    kpa: lesser(value, stream("{line}/pressure")) < limit.H
      > (<↓ (lesser value $0) limit.H)
    temp: greater(value, stream("{line}/ambient")) > limit.H
      > (>↑ (greater value (+ $0 -273.15)) limit.H)
    temp: value - 3 K < dew_point(value, number(value, "°C") * 1 %)
      > (< (- value 3.0) (- (/ 4283.7744 (- (/ 4283.7744 (+ value 243.12)) (logarithm (/ (* \#
    value 1.0) 100.0)))) 243.12))
    temp: number(value, "°F") > 100
      > (> (+ (* value 1.7999999999999998) 31.999999999999986) 100.0)
    ppm: number(slope(5m), "ppm/min") * number(value, "ppm") > 50
      > (> (* (* (slope 300000ms line) 60.0) value) 50.0)
    lel: number(value, "%vol") > 2
      > (> (* value 0.05) 2.0)
    lel: any(value >= limit.H, of="{area}/hazchem/lel/+") and all(quality is good, \#
    of="{area}/hazchem/lel/+")
      > (and (any {area}/hazchem/lel/+ (>=↑ value limit.H)) (all {area}/hazchem/lel/+ (quality \#
    good)))
    lel: count_of(mean(1m) > 5 %vol, of="{area}/hazchem/lel/#") > 2
      > (> (count {area}/hazchem/lel/# (>↑ (mean 60000ms moments) 100.0)) 2.0)
    lel: max_of(value, of="{area}/hazchem/lel/+") >= limit.HH
      > (>=↑ (greatest {area}/hazchem/lel/+ value) limit.HH)
    temp: max_of(value, of="{area}/t/+") - min_of(value, of="{area}/t/+") > 5 K
      > (>↑ (- (greatest {area}/t/+ value) (least {area}/t/+ value)) 5.0)
    temp: mean_of(value, of="{area}/t/+") > 340 K
      > (>↑ (mean {area}/t/+ value) 66.85)
    temp: abs(value - mean_of(value, of="{area}/t/+")) > 5
      > (>↑ (absolute (- value (mean {area}/t/+ value))) 5.0)
    lel: 2 <= votes(value >= limit.H, of="{area}/hazchem/lel/+")
      > (<= 2.0 (votes {area}/hazchem/lel/+ (>=↑ value limit.H)))
    lel: votes(of="{area}/hazchem/lel/+", when=value >= limit.H) == 3
      = votes(value >= limit.H, of="{area}/hazchem/lel/+") == 3
      > (== (votes {area}/hazchem/lel/+ (>=↑ value limit.H)) 3.0)
    lel: votes(value >= limit.H, of="{area}/lel/+") + votes(value >= limit.H, \#
    of="{area}/flame/+") >= 2
      > (>= (+ (votes {area}/lel/+ (>=↑ value limit.H)) (votes {area}/flame/+ (>=↑ value \#
    limit.H))) 2.0)
    temp: value + slope(5m) * 10m > limit.H
      = value + slope(5m) * 10 m > limit.H
      > (> (+ value (* (slope 300000ms line) 600.0)) limit.H)
    temp: delta(10m) / 10m > 5 °C/min
      = delta(10m) / 10 m > 5 °C/min
      > (> (/ (delta 600000ms ends) 600.0) 0.08333333333333333)
    level: delta(10m) / 10 m > 5
      > (> (/ (delta 600000ms ends) 10.0) 5.0)
    level: delta(10m) / 600s > 5 mm/s
      > (> (/ (delta 600000ms ends) 600.0) 0.005)
    ratio: delta(10m) / 10m > 5/min
      = delta(10m) / 10 m > 5/min
      > (> (/ (delta 600000ms ends) 600.0) 0.08333333333333333)
    ppm: value - mean(1h) > 5
      > (>↑ (- value (mean 3600000ms moments)) 5.0)
    ppm: value > 3 * stddev(1h) + mean(1h)
      > (> value (+ (* 3.0 (stddev 3600000ms moments)) (mean 3600000ms moments)))
    bare: mean(5m) > limit.H
      > (>↑ (mean 300000ms moments) limit.H)
    bare: delta(5m) > 5
      > (> (delta 300000ms ends) 5.0)
    lel: flat(5m, within=1 ppm)
      > (flat 300000ms extremes 0.002)
    temp: time_to(5 K, over=5m) < 10m
      > (< (time_to -268.15 300000ms line) 600000.0)
    temp: dew_point(value - 5, 50 %) > 5
      > (>↑ (- (/ 4283.7744 (- (/ 4283.7744 (+ (- value 5.0) 243.12)) (logarithm (/ 50.0 \#
    100.0)))) 243.12) 5.0)
    lel: votes(value > 5, of="{area}/gas/1") >= 2
      > (>= (votes {area}/gas/1 (>↑ value 5.0)) 2.0)
    ppm: forecast(value, 5m, ahead=10m) > 5
      = forecast(value, over=5m, ahead=10m) > 5
      > (>↑ (forecast 300000ms line 600000ms) 5.0)
    ppm: slope(5m) > 0
      > (> (slope 300000ms line) 0.0)
    ppm: slope(5m) > 0.0 and value > 5
      = slope(5m) > 0 and value > 5
      > (and (> (slope 300000ms line) 0.0) (>↑ value 5.0))
    ppm: -slope(5m) > 5 ppm/min
      > (> (- (slope 300000ms line)) 0.08333333333333333)
    ppm: slope(5m) > -5 ppm/min
      > (> (slope 300000ms line) -0.08333333333333333)
    ppm: stddev(5m) < 0
      > (< (stddev 300000ms moments) 0.0)
    ppm: delta(5m) > 0
      > (> (delta 300000ms ends) 0.0)
    ppm: cusum(5m) > 5 and cusum(5m) < -5
      > (and (> (cusum 300000ms cusum(allowance: 0.5, decision: 5.0)) 5.0) (< (cusum 300000ms \#
    cusum(allowance: 0.5, decision: 5.0)) -5.0))
    ppm: count(5m) >= 4.5
      > (>= (count 300000ms moments) 4.5)
    rh: slope(1h) > 0.5 %/h
      > (> (slope 3600000ms line) 0.0001388888888888889)
    power: dose(1d) > 5 kWh
      > (> (dose 86400000ms exposure) 18000.0)
    power: dose(1d) > 5 kW·h
      > (> (dose 86400000ms exposure) 18000.0)
    power: twa(15m) > limit.H
      > (>↑ (twa 900000ms exposure) limit.H)
    energy: slope(1h) > 3 kW
      > (> (slope 3600000ms line) 0.0008333333333333333)
    energy: delta(15m) / 15m > 3 kW
      = delta(15m) / 15 m > 3 kW
      > (> (/ (delta 900000ms ends) 900.0) 0.0008333333333333333)
    flow: dose(1h) > 20 m3
      > (> (dose 3600000ms exposure) 72000.0)
    litre: slope(5m) > 2 L/min
      > (> (slope 300000ms line) 0.03333333333333333)
    litre: slope(5m) > 2 L/h and rate(5m) < 1 m3/h
      > (and (> (slope 300000ms line) 0.0005555555555555556) (< (rate 300000ms ends) \#
    0.2777777777777778))
    speed: dose(1m) > 10 m
      > (> (dose 60000ms exposure) 10000.0)
    speed: dose(1m) > 10 mm
      > (> (dose 60000ms exposure) 10.0)
    trate: dose(5m) > 10 K
      > (> (dose 300000ms exposure) 600.0)
    trate: value > 5 °C/min and mean(30s) > 8 K/min
      = value > 5 °C/min and mean(30s) > 8 °C/min
      > (and (>↑ value 5.0) (>↑ (mean 30000ms moments) 8.0))
    temp: slope(30s) >= 8.3 °C/min and value >= 35 °C
      > (and (>= (slope 30000ms line) 0.13833333333333334) (>=↑ value 35.0))
    temp: slope(30s) >= 8.3 ℃/min
      = slope(30s) >= 8.3 °C/min
      > (>= (slope 30000ms line) 0.13833333333333334)
    nh3: dose(15m) > 30 mg/m³·h
      = dose(15m) > 30 mg/m3·h
      > (> (dose 900000ms exposure) 155144.36023905934)
    nh3: slope(1m) > 5 mg/m³/min
      = slope(1m) > 5 mg/m3/min
      > (> (slope 60000ms line) 0.11971015450544703)
    flow: slope(5m) > 5 m3/h/min
      > (> (slope 300000ms line) 0.08333333333333333)
    """#
