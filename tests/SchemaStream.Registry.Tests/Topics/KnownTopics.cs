using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry.Tests.Topics;

/// <summary>A cluster's topics in memory; it may be silent.</summary>
internal sealed class KnownTopics : ITopicDirectory
{
    public string ClusterId => "known";

    public Dictionary<string, StatedTopic> All { get; } = new(StringComparer.Ordinal);

    public bool IsSilent { get; set; }

    public void Add(string topic, string? keyType = null, string? valueType = null) =>
        All[topic] = new StatedTopic(topic, keyType, valueType);

    public Task<StatedTopic?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        Answer();
        return Task.FromResult(All.GetValueOrDefault(topic));
    }

    public Task<IReadOnlyList<StatedTopic>> ListStatedAsync(CancellationToken cancellationToken)
    {
        Answer();
        return Task.FromResult<IReadOnlyList<StatedTopic>>([.. All.Values]);
    }

    public Task CreateAsync(StatedTopic topic, string like, CancellationToken cancellationToken)
    {
        Answer();
        if (All.ContainsKey(like))
        {
            All.TryAdd(topic.Topic, topic);
        }

        return Task.CompletedTask;
    }

    private void Answer()
    {
        if (IsSilent)
        {
            throw new TopicDirectoryException("no broker can be reached");
        }
    }
}
