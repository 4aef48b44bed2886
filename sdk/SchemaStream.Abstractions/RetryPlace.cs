namespace SchemaStream;

/// <summary>Where a record waits for its next attempt.</summary>
public enum RetryPlace
{
    /// <summary>
    /// In its place: the records behind it in its partition (or of its key, see <see cref="ProcessingOrder.Key"/>) wait
    /// with it, so their order is kept.
    /// </summary>
    InPlace = 0,

    /// <summary>
    /// In a retry topic, one per delay: the records behind it go on, so a retried record may be overtaken. The same
    /// consumer reads the retry topics.
    /// </summary>
    RetryTopics = 1,
}
