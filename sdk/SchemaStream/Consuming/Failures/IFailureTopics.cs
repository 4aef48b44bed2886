using SchemaStream.Transport;

namespace SchemaStream.Consuming.Failures;

/// <summary>Makes what failed records need: topics of bytes, and ways into them and out of them.</summary>
internal interface IFailureTopics
{
    /// <summary>Creates a topic unless it is there.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="wait">How long records wait in it: it must keep them for longer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">It is not there, and the brokers refuse to make it.</exception>
    Task EnsureAsync(string topic, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>A producer of bytes.</summary>
    /// <param name="topic">The topic.</param>
    ITopicProducer<byte[], byte[]> CreateProducer(string topic);

    /// <summary>A member of a group.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="options">How to read.</param>
    IConsumerTransport CreateConsumer(string topic, string groupId, ConsumerOptions options);
}
