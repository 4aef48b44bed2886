using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Protocol.Messages;
using SchemaStream.Registry.Core.Contracts;

namespace SchemaStream.Registry.Topics;

/// <summary>The topics of the cluster that the registry's own log is on.</summary>
internal sealed class ClusterTopics(KafkaCluster cluster) : ITopicDirectory
{
    // Versions that every broker from Kafka 2.3 to 4.x serves.
    private const short MetadataVersion = 8;
    private const short DescribeConfigsVersion = 2;
    private const short CreateVersion = 4;
    private const sbyte TopicResource = 2;
    private const int TopicsPerRequest = 500;

    /// <summary>How configs end that are about a reassignment of the topic's own replicas.</summary>
    private const string ThrottledReplicas = ".throttled.replicas";

    /// <summary>A config that was set for the topic itself, rather than a default.</summary>
    private const sbyte TopicSource = 1;

    public string ClusterId => cluster.ClusterId ?? "";

    public Task<StatedTopic?> FindAsync(string topic, CancellationToken cancellationToken) =>
        AskAsync($"Topic {topic}", async () =>
        {
            if (await DescribeAsync(topic, cancellationToken).ConfigureAwait(false) is null)
            {
                return null;
            }

            var stated = await StatedAsync([topic], cancellationToken).ConfigureAwait(false);
            return stated is [var found] ? found : new StatedTopic(topic, null, null);
        });

    public Task<IReadOnlyList<StatedTopic>> ListStatedAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<StatedTopic>>("The list of topics", async () =>
        {
            var any = await cluster.AnyAsync(cancellationToken).ConfigureAwait(false);
            var all = await any.SendAsync(
                new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, MetadataVersion, cancellationToken)
                .ConfigureAwait(false);
            var stated = new List<StatedTopic>();
            var names = all.Topics
                .Where(topic => topic.ErrorCode == ErrorCode.None && !topic.IsInternal)
                .Select(topic => topic.Name!)
                .Order(StringComparer.Ordinal);
            foreach (var some in names.Chunk(TopicsPerRequest))
            {
                stated.AddRange(await StatedAsync(some, cancellationToken).ConfigureAwait(false));
            }

            return stated;
        });

    public Task CreateAsync(StatedTopic topic, string like, CancellationToken cancellationToken) =>
        AskAsync($"Topic {topic.Topic}", async () =>
        {
            if (await DescribeAsync(like, cancellationToken).ConfigureAwait(false) is { } model)
            {
                var settings = await SettingsAsync(like, cancellationToken).ConfigureAwait(false);
                await CreateAsync(topic, model, settings, cancellationToken).ConfigureAwait(false);
            }

            return true;
        });

    private async Task CreateAsync(
        StatedTopic topic,
        MetadataResponse.MetadataResponseTopic model,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        var error = await TryCreateAsync(topic, model, settings, cancellationToken).ConfigureAwait(false);
        if (error == ErrorCode.InvalidConfig)
        {
            // A broker that does not know the configs of contracts: the registry's log knows the contract anyway.
            error = await TryCreateAsync(new StatedTopic(topic.Topic, null, null), model, settings, cancellationToken).ConfigureAwait(false);
        }

        KafkaErrorException.Require(
            error == ErrorCode.TopicAlreadyExists ? ErrorCode.None : error, $"Creating topic {topic.Topic}");
    }

    private async Task<ErrorCode> TryCreateAsync(
        StatedTopic topic,
        MetadataResponse.MetadataResponseTopic model,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        var controller = await cluster.ControllerAsync(cancellationToken).ConfigureAwait(false);
        var request = new CreateTopicsRequest { TimeoutMs = 30_000 };
        request.Topics.Add(new()
        {
            Name = topic.Topic,
            NumPartitions = model.Partitions.Count,
            ReplicationFactor = (short)model.Partitions.Max(partition => partition.ReplicaNodes.Count),
            Configs =
            [
                .. from config in new[] { (StatedTypes.KeyConfig, topic.KeyType), (StatedTypes.ValueConfig, topic.ValueType) }
                   where config.Item2 is not null
                   select new CreateTopicsRequest.CreatableTopicConfig { Name = config.Item1, Value = config.Item2 },
                .. from setting in settings
                   select new CreateTopicsRequest.CreatableTopicConfig { Name = setting.Key, Value = setting.Value },
            ],
        });
        var answer = await controller.SendAsync(request, CreateVersion, cancellationToken).ConfigureAwait(false);
        return answer.Topics.Single().ErrorCode;
    }

    private async Task<MetadataResponse.MetadataResponseTopic?> DescribeAsync(string topic, CancellationToken cancellationToken)
    {
        var described = await cluster.DescribeAsync([topic], cancellationToken).ConfigureAwait(false);
        var found = described.Topics.Single();
        if (found.ErrorCode is ErrorCode.UnknownTopicOrPartition or ErrorCode.InvalidTopicException)
        {
            return null;
        }

        // Without a leader just now it exists all the same.
        KafkaErrorException.Require(
            found.ErrorCode == ErrorCode.LeaderNotAvailable ? ErrorCode.None : found.ErrorCode, $"Topic {topic}");
        return found;
    }

    /// <summary>
    /// What was set for a topic itself, but for its types: a successor that keeps records for less long than the topic before it
    /// would lose what is copied to it.
    /// </summary>
    private async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string topic, CancellationToken cancellationToken)
    {
        var any = await cluster.AnyAsync(cancellationToken).ConfigureAwait(false);
        var request = new DescribeConfigsRequest
        {
            Resources =
            [
                new DescribeConfigsRequest.DescribeConfigsResource
                {
                    ResourceType = TopicResource, ResourceName = topic, ConfigurationKeys = null,
                },
            ],
        };
        var answer = await any.SendAsync(request, DescribeConfigsVersion, cancellationToken).ConfigureAwait(false);
        return answer.Results
            .Where(found => found.ErrorCode == ErrorCode.None)
            .SelectMany(found => found.Configs)
            .Where(config => config is { ConfigSource: TopicSource, IsSensitive: false, Value: not null }
                && config.Name is not (StatedTypes.KeyConfig or StatedTypes.ValueConfig)
                && !config.Name.EndsWith(ThrottledReplicas, StringComparison.Ordinal))
            .ToDictionary(config => config.Name, config => config.Value!);
    }

    private async Task<IReadOnlyList<StatedTopic>> StatedAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        string[] keys = [StatedTypes.KeyConfig, StatedTypes.ValueConfig];
        var any = await cluster.AnyAsync(cancellationToken).ConfigureAwait(false);
        var request = new DescribeConfigsRequest
        {
            Resources =
            [
                .. topics.Select(topic => new DescribeConfigsRequest.DescribeConfigsResource
                {
                    ResourceType = TopicResource, ResourceName = topic, ConfigurationKeys = [.. keys],
                }),
            ],
        };
        var answer = await any.SendAsync(request, DescribeConfigsVersion, cancellationToken).ConfigureAwait(false);

        // Topics that go meanwhile, or that the registry may not look into, state nothing.
        return
        [
            .. from found in answer.Results
               where found.ErrorCode == ErrorCode.None
               let stated = found.Configs
                   .Where(config => !string.IsNullOrEmpty(config.Value))
                   .ToDictionary(config => config.Name, config => config.Value)
               where keys.Any(stated.ContainsKey)
               select new StatedTopic(
                   found.ResourceName,
                   stated.GetValueOrDefault(StatedTypes.KeyConfig),
                   stated.GetValueOrDefault(StatedTypes.ValueConfig)),
        ];
    }

    /// <summary>Whatever is wrong with the cluster is told as one thing.</summary>
    private static async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception failure) when (KafkaCluster.IsPassing(failure)
            || failure is KafkaErrorException or KafkaAuthenticationException or ObjectDisposedException)
        {
            throw new TopicDirectoryException($"{what} cannot be looked up: {failure.Message}", failure);
        }
    }
}
