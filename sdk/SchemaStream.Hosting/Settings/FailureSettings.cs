namespace SchemaStream.Hosting.Settings;

/// <summary>A <see cref="FailurePolicy"/> as configuration says it: <c>{ "Delays": ["00:00:01", "00:01:00"], "Finally": "DeadLetter" }</c>.</summary>
public sealed class FailureSettings
{
    /// <summary>How long to wait before each further attempt; none by default.</summary>
    public IList<TimeSpan> Delays { get; set; } = [];

    /// <summary>Where a record waits for its next attempt.</summary>
    public RetryPlace Place { get; set; }

    /// <summary>What becomes of a record whose last attempt has failed.</summary>
    public FailureAction Finally { get; set; }

    /// <summary>The dead-letter topic; null for <c>&lt;topic&gt;.dlt</c>.</summary>
    public string? DeadLetterTopic { get; set; }

    internal FailurePolicy ToPolicy() => new()
    {
        Delays = [.. Delays], Place = Place, Finally = Finally, DeadLetterTopic = DeadLetterTopic,
    };
}
