namespace SchemaStream.Transport;

/// <summary>Why records fail, in words that say what a user can do about it.</summary>
internal static class DeliveryReasons
{
    /// <summary>No broker took it in time.</summary>
    public const string TimedOut = "MSG_TIMED_OUT";

    /// <summary>The topic is not there, and was not made.</summary>
    public const string UnknownTopic = "UNKNOWN_TOPIC";

    /// <summary>The topic has no such partition.</summary>
    public const string UnknownPartition = "UNKNOWN_PARTITION";

    /// <summary>The record, or the batch that is it alone, is too large.</summary>
    public const string TooLarge = "MSG_SIZE_TOO_LARGE";

    /// <summary>The words for a code; null for one that has none of its own.</summary>
    /// <param name="code">The code.</param>
    /// <param name="bootstrapServers">Where the brokers should be.</param>
    /// <param name="lastError">What was heard of the brokers last; null for nothing.</param>
    public static string? Explain(string code, string bootstrapServers, string? lastError) => code switch
    {
        "FATAL" => "an earlier error was fatal for this producer, see its log: make a new one",
        TimedOut =>
            $"no broker of {bootstrapServers} took it within the delivery time-out ({lastError ?? "no error was heard"}); "
            + $"check that a broker serves there ({nameof(SchemaStreamOptions)}.{nameof(SchemaStreamOptions.BootstrapServers)})",
        UnknownPartition => "the topic has no such partition",
        UnknownTopic => "the topic is not there, and the brokers have not made it",
        TooLarge => "the broker takes no record of that size: its limit is the topic's max.message.bytes, or the broker's message.max.bytes",
        _ => null,
    };

    /// <summary>For a record that the whole queue has no room for.</summary>
    /// <param name="bytes">Of its value.</param>
    /// <param name="queueBytes">Of the queue.</param>
    public static string NeverFits(int bytes, long queueBytes) =>
        $"its value has {bytes} bytes, and the queue holds {queueBytes} at most "
        + $"({nameof(ProducerOptions)}.{nameof(ProducerOptions.QueueCapacityBytes)}): waiting would never make room";
}
