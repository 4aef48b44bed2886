namespace SchemaStream.Hosting.Settings;

/// <summary>What configuration says of records whose bytes do not follow the topic's types: there is no second attempt at them.</summary>
public sealed class DecodeFailureSettings
{
    /// <summary>What becomes of a record that cannot be read; null for the same as of one that cannot be handled.</summary>
    public FailureAction? Finally { get; set; }

    /// <summary>The dead-letter topic; null for <c>&lt;topic&gt;.dlt</c>.</summary>
    public string? DeadLetterTopic { get; set; }

    internal FailurePolicy ToPolicy(FailureSettings? handling) => new()
    {
        Finally = Finally ?? handling?.Finally ?? FailureAction.Throw, DeadLetterTopic = DeadLetterTopic,
    };
}
