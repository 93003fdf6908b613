/// Calls: their forms are checked first, then the function is not available. Same layout as
/// `refusedMeaning`.
let refusedCalls = #"""
    lel: mean(5m) >= limit.H
      0+4 function `mean` is not available in this version
    lel: forecast(value, over=5m, ahead=10m) >= limit.H and slope_significance(5m) > 3
      0+8 function `forecast` is not available in this version
      51+18 function `slope_significance` is not available in this version
    lel: votes(value >= limit.H, of="{area}/hazchem/lel/+") >= 2
      0+5 function `votes` is not available in this version
    lel: mean(count=20) > 5
      0+4 function `mean` is not available in this version
    lel: mean() > 5
      0+4 `mean` needs a window
    lel: mean > 5
      0+4 `mean` is a function
    lel: mean(5) > 5
      5+1 `over` of `mean` is a duration
    lel: mean(5 min) > 5
      7+3 `min` is a unit only behind `/`; minutes are written `m`
        ~ m
    lel: mean(5m, count=3) > 5
      0+4 `mean` has two windows: a time and a count
    lel: mean(5m, 3) > 5
      9+1 too many arguments for `mean`
    lel: mean(cnt=3) > 5
      5+3 `mean` has no argument `cnt`
    lel: mean(count=2.5) > 5
      11+3 `count` of `mean` is a whole number of samples, at least 1
    lel: maen(5m) > 5
      0+4 unknown function `maen`
        ~ mean
    lel: forecast(value, over=5m) > 5
      0+8 `forecast` needs `ahead`
    lel: forecast(over, over=5m, ahead=1m) > 5
      9+4 `of` of `forecast` is a number, not a condition
    lel: votes(value, of="{area}/+") >= 2
      6+5 `when` of `votes` is a condition, but `value` is fraction of the lower explosive limit \#
    (%LEL)
    lel: votes(value > 5, of="{aera}/+") >= 2
      22+4 unknown label `{aera}`
        ~ area
    lel: votes(value > 5, of=area) >= 2
      20+4 `of` of `votes` is a topic filter in quotes
    lel: votes(value > 5) >= 2
      0+5 `votes` needs `of`
    lel: mean(over=5m, over=6m) > 5
      14+4 `over` is given twice
    """#
