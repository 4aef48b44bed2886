namespace SchemaStream.Protocol;

/// <summary>A message generated from a definition (<c>*.msg</c>).</summary>
public interface IMessage
{
    /// <summary>
    /// Fills the instance from the input; what it held before is reset first. Byte fields are slices of the input, which must
    /// outlive them. Fields that the version does not have have their defaults.
    /// </summary>
    /// <exception cref="ProtocolException">The input is not this message.</exception>
    void Read(ref KafkaReader reader, short version);

    /// <summary>
    /// Writes the fields that the version has; others are left out whatever their value.
    /// The caller ends with <see cref="KafkaWriter.Flush"/>.
    /// </summary>
    void Write(ref KafkaWriter writer, short version);

    /// <summary>
    /// Takes every field back to its default. Structs and lists that were in it are kept, to be used again by the next
    /// <see cref="Read"/> and by the message's <c>New</c> methods: nothing else may hold on to them.
    /// </summary>
    void Reset();
}

/// <summary>The versions a message is defined for, for generic code.</summary>
public interface IVersionedMessage : IMessage
{
    static abstract short MinVersion { get; }

    static abstract short MaxVersion { get; }

    /// <summary>The first version with compact lengths and tagged fields; <see cref="short.MaxValue"/> if there is none.</summary>
    static abstract short FirstFlexibleVersion { get; }
}

/// <summary>A message of one of Kafka's APIs, for generic code.</summary>
public interface IApiMessage : IVersionedMessage
{
    static abstract ApiKey ApiKey { get; }
}

public interface IRequestMessage : IMessage
{
    ApiKey Api { get; }
}

/// <summary>A request that is answered by <typeparamref name="TResponse"/>.</summary>
public interface IRequestMessage<TResponse> : IRequestMessage
    where TResponse : IResponseMessage, IApiMessage, new();

public interface IResponseMessage : IMessage
{
    ApiKey Api { get; }
}

/// <summary>A response that can tell its client to pause, in the versions that have the field.</summary>
public interface IThrottledResponse : IResponseMessage
{
    /// <summary>For how long the broker will not read from the connection; 0: it goes on.</summary>
    int ThrottleTimeMs { get; set; }
}

/// <summary>A message that is written to a log: its number is on disk for ever.</summary>
public interface IRecordMessage : IMessage
{
    short RecordType { get; }
}
