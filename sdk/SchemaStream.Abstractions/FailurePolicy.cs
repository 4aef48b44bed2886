namespace SchemaStream;

/// <summary>What a consumer does with a record that cannot be read or handled. Always counted, never silent.</summary>
/// <remarks>
/// First the retries, if there are any: one further attempt per delay. Then <see cref="Finally"/>. A record whose bytes
/// do not follow its schema is not tried again, for it would not read better the next time.
/// </remarks>
/// <example><code>
/// Failure = FailurePolicy.Retry(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)).Then(FailureAction.DeadLetter)
/// </code></example>
public sealed record FailurePolicy
{
    /// <summary>No retries; reading ends with the exception.</summary>
    public static FailurePolicy Throw { get; } = new();

    /// <summary>No retries; the record is logged, counted and passed over.</summary>
    public static FailurePolicy Skip { get; } = new() { Finally = FailureAction.Skip };

    /// <summary>No retries; the record goes to the dead-letter topic.</summary>
    public static FailurePolicy DeadLetter { get; } = new() { Finally = FailureAction.DeadLetter };

    /// <summary>How long to wait before each further attempt, at most 30 days; none by default.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>Where a record waits for its next attempt.</summary>
    public RetryPlace Place { get; init; } = RetryPlace.InPlace;

    /// <summary>What becomes of a record whose last attempt has failed.</summary>
    public FailureAction Finally { get; init; } = FailureAction.Throw;

    /// <summary>Which failures are worth another attempt; null for all. The others go on to <see cref="Finally"/> at once.</summary>
    public Func<Exception, bool>? RetryWhen { get; init; }

    /// <summary>The dead-letter topic; null for <c>&lt;topic&gt;.dlt</c>.</summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>Tries again in place, once after each delay, and throws in the end unless <see cref="Then"/> says otherwise.</summary>
    /// <param name="delays">How long to wait before each further attempt.</param>
    public static FailurePolicy Retry(params IReadOnlyList<TimeSpan> delays) => new() { Delays = delays };

    /// <summary>
    /// Tries again through retry topics, one per delay, named <c>&lt;topic&gt;.&lt;group&gt;.retry.&lt;n&gt;</c> with n from 1;
    /// ends in the dead-letter topic unless <see cref="Then"/> says otherwise.
    /// </summary>
    /// <param name="delays">How long to wait before each further attempt.</param>
    public static FailurePolicy RetryTopics(params IReadOnlyList<TimeSpan> delays) =>
        new() { Delays = delays, Place = RetryPlace.RetryTopics, Finally = FailureAction.DeadLetter };

    /// <summary>The same policy with another end.</summary>
    /// <param name="action">What becomes of a record whose last attempt has failed.</param>
    public FailurePolicy Then(FailureAction action) => this with { Finally = action };
}
