namespace SchemaStream;

/// <summary>A program offered a type that the topic's contract does not allow.</summary>
/// <remarks>Thrown before a byte leaves. A topic's types never change: a different type means a new topic.</remarks>
public sealed class TopicContractException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TopicContractException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was expected and what was found.</param>
    public TopicContractException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was expected and what was found.</param>
    /// <param name="innerException">The cause.</param>
    public TopicContractException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception from what clashed.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="slot">Key or value.</param>
    /// <param name="expected">The bound format and type, for example <c>AVRO com.acme.OrderPlaced</c>.</param>
    /// <param name="actual">What was offered, in the same form.</param>
    /// <param name="innerException">The refusal of the registry, where that is where it was found.</param>
    public TopicContractException(
        string topic,
        RecordSlot slot,
        string expected,
        string actual,
        Exception? innerException = null)
        : base(Explain(topic, slot, expected, actual), innerException)
    {
        Topic = topic;
        Slot = slot;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The topic whose contract was hurt.</summary>
    public string Topic { get; } = "";

    /// <summary>Key or value.</summary>
    public RecordSlot Slot { get; }

    /// <summary>The bound format and type.</summary>
    public string Expected { get; } = "";

    /// <summary>The format and type that was offered.</summary>
    public string Actual { get; } = "";

    private static string Explain(string topic, RecordSlot slot, string expected, string actual)
    {
        var name = slot == RecordSlot.Key ? "key" : "value";
        return $"The {name} of topic '{topic}' is bound to {expected}, but {actual} was offered. "
            + $"A topic's types never change: a different type means a new topic, such as '{topic}.v2'.";
    }
}
