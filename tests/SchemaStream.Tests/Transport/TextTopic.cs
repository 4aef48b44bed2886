namespace SchemaStream.Tests.Transport;

/// <summary>A topic of text on a mock cluster.</summary>
internal static class TextTopic
{
    private static readonly Topic<string, string> Notes = Topic.Primitive<string, string>("notes");

    public static ITopicProducer<string, string> Produce(
        MockCluster cluster, ProducerOptions? options = null, ClientTransport transport = ClientTransport.Managed) =>
        new RawTopic<string, string>(cluster.BootstrapServers, Notes, transport).Produce(options);

    public static ITopicConsumer<string, string> Consume(MockCluster cluster, string group, ConsumerOptions? options = null) =>
        new RawTopic<string, string>(cluster.BootstrapServers, Notes).Consume(group, MockCluster.Hasten(options));
}
