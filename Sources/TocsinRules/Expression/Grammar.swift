/// The grammar of expressions in EBNF (ISO/IEC 14977), as `docs/RULES.md` quotes it.
package let expressionGrammarEBNF = """
    (* A condition. Operators by rising strength; those of one line bind to the left.
       `not` is weaker than a comparison: not value >= 5 is not (value >= 5).            *)
    expression   = conjunction , { "or" , conjunction } ;
    conjunction  = negation , { "and" , negation } ;
    negation     = "not" , negation | comparison ;
    comparison   = sum , [ relation , sum | test ] ;                       (* never chained *)
    test         = "is" , [ "not" ] , state , [ "for" , number ] ;         (* for a duration *)
    relation     = ">=" | ">" | "<=" | "<" | "==" | "!=" | "≥" | "≤" | "≠" ;
    sum          = product , { ( "+" | "-" | "−" ) , product } ;
    product      = signed , { ( "*" | "×" | "/" | "÷" ) , signed } ;
    signed       = ( "-" | "−" ) , signed | operand ;
    operand      = number | "value" | "quality" | "age" | "over" | "under"
                 | "limit" , "." , name | "stream" , "(" , text , ")"
                 | call | "(" , expression , ")" ;
    call         = function , "(" , [ argument , { "," , argument } ] , ")" ;
    argument     = [ name , "=" ] , ( expression | text ) ;
    function     = "mean" | "sum" | "min" | "max" | "stddev" | "median" | "quantile" | "count"
                 | "delta" | "slope" | "rate" | "twa" | "dose" | "ewma" | "cusum" | "zscore" | "changes"
                 | "flat" | "forecast" | "time_to" | "slope_significance"
                 | "votes" | "any" | "all" | "count_of" | "min_of" | "max_of" | "mean_of"
                 | "during" | "abs" | "sqrt" | "ln" | "exp" | "lesser" | "greater"
                 | "dew_point" | "number" ;

    (* Tokens. Space stands between any two, and inside none but where it is shown. A number and
       its unit are one token: "%" and "/" right behind a number begin its unit, so that a division
       behind a number has a space before "/". "m" is minutes where a duration is expected, else
       metres; "min" stands only behind "/" and "·". The table's units come first: m/s is a unit
       of it, ppm/min a rate.                                                                     *)
    number       = digits , [ "." , digits ] , [ exponent ] , [ { space } , unit ] ;
    exponent     = ( "e" | "E" ) , [ "+" | "-" ] , digits ;
    digits       = digit , { digit } ;
    unit         = "% of span" | table , [ ( "/" | "·" | "." ) , time ] ;  (* a rate, a dose *)
    table        = ? a unit of the unit table: ppm, %LEL, °C, MPa, /min, ms, h ? ;
    time         = "s" | "min" | "h" | "d" ;
    state        = name , { "-" , name } | text ;      (* hyphens without spaces: not-in-auto *)
    name         = ( letter | "_" ) , { letter | digit | "_" } ;
    text         = '"' , ? any characters but a double quote ? , '"'
                 | "'" , ? any characters but a single quote ? , "'" ;
    letter       = ? an alphabetic character of Unicode ? ;
    digit        = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" ;
    space        = ? space, tab, line end, no-break or ideographic space ? ;
    (* Full-width digits, letters, operators, parentheses and quotes mean the plain ones. *)
    """
