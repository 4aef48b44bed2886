namespace SchemaStream;

/// <summary>The headers by which records in retry and dead-letter topics say where they come from and why. All are text in UTF-8.</summary>
public static class FailureHeaders
{
    /// <summary>The exception's message, cut after 1,000 characters.</summary>
    public const string Reason = "schemastream-reason";

    /// <summary>The exception's type, for example <c>System.TimeoutException</c>.</summary>
    public const string ExceptionType = "schemastream-exception-type";

    /// <summary>The exception with its stack, cut after 8,000 characters.</summary>
    public const string Stack = "schemastream-stack";

    /// <summary>The topic that the record was first read from.</summary>
    public const string SourceTopic = "schemastream-source-topic";

    /// <summary>The partition that it was first read from.</summary>
    public const string SourcePartition = "schemastream-source-partition";

    /// <summary>Its offset there.</summary>
    public const string SourceOffset = "schemastream-source-offset";

    /// <summary>Its time there, in milliseconds since 1970.</summary>
    public const string SourceTimestamp = "schemastream-source-timestamp";

    /// <summary>The group whose member failed.</summary>
    public const string Group = "schemastream-group";

    /// <summary>How many attempts have failed.</summary>
    public const string Attempt = "schemastream-attempt";

    /// <summary>In retry topics: when the next attempt is due, in milliseconds since 1970.</summary>
    public const string Due = "schemastream-due";
}
