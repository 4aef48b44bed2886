namespace SchemaStream.Hosting.Starting;

/// <summary>Creates a topic unless it is there, and binds its contract.</summary>
internal sealed class TopicStep<TKey, TValue>(
    SchemaStreamClient client, Topic<TKey, TValue> topic, TopicSpecification? specification) : IStartStep
{
    public string Name => $"topic '{topic.Name}'";

    public Task StartAsync(CancellationToken cancellationToken) =>
        client.EnsureTopicAsync(topic, specification, cancellationToken);
}
