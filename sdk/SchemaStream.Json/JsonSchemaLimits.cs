namespace SchemaStream.Json;

/// <summary>The bounds on what comes from outside. Each is far above what people write and far below what hurts.</summary>
public static class JsonSchemaLimits
{
    /// <summary>The longest schema text that is parsed, in characters.</summary>
    public const int MaxTextLength = 1024 * 1024;

    /// <summary>The longest texts of all schemas that one schema refers to, together, in characters.</summary>
    public const int MaxReferencedLength = 4 * 1024 * 1024;

    /// <summary>How deep the JSON of a schema text may nest: a property within a property takes two levels.</summary>
    public const int MaxJsonDepth = 400;

    /// <summary>The longest number, in characters.</summary>
    public const int MaxNumberLength = 1000;

    /// <summary>The longest URI of an <c>$id</c> or <c>$ref</c>, in characters: all within a schema repeat its base.</summary>
    public const int MaxUriLength = 1000;

    /// <summary>How many schemas one text may hold within itself.</summary>
    public const int MaxSubschemas = 50_000;

    /// <summary>How many regular expressions one text may hold.</summary>
    public const int MaxPatterns = 5_000;

    /// <summary>The longest regular expression, in characters.</summary>
    public const int MaxPatternLength = 10_000;

    /// <summary>How many times in a row a <c>$ref</c> may lead to another <c>$ref</c>.</summary>
    public const int MaxReferenceChain = 100;

    /// <summary>How deep a comparison follows schemas into each other, through references too.</summary>
    public const int MaxComparedDepth = 300;

    /// <summary>How many steps one comparison may take: pairs of schemas, names held against patterns.</summary>
    public const int MaxComparedSteps = 500_000;

    /// <summary>How many steps it may take to hold one value against a schema: schemas looked at, characters matched.</summary>
    public const int MaxValidationSteps = 5_000_000;

    /// <summary>How many schemas may be at work within one another on one value, through references too.</summary>
    public const int MaxValidationDepth = 500;

    /// <summary>How many violations one comparison reports.</summary>
    public const int MaxViolations = 100;

    /// <summary>How long one name may be held against one regular expression that has to be matched by trying.</summary>
    public static TimeSpan MaxMatchTime { get; } = TimeSpan.FromMilliseconds(100);
}
