using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Metadata.Records;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>
/// The cluster as of one offset of <c>__cluster_metadata</c>. It never changes: readers on any thread keep the one they
/// took, and the next one shares all that is equal. Looking something up allocates nothing.
/// </summary>
public sealed record MetadataImage
{
    public static MetadataImage Empty { get; } = new();

    /// <summary>Of the last record this image reflects; -1 for none.</summary>
    public long Offset { get; init; } = -1;

    /// <summary>Empty until the cluster is initialized.</summary>
    public string ClusterId { get; init; } = "";

    public ImmutableSortedDictionary<int, BrokerRegistration> Brokers { get; init; } =
        ImmutableSortedDictionary<int, BrokerRegistration>.Empty;

    /// <summary>The first producer id that no block contains yet.</summary>
    public long NextProducerId { get; init; }

    /// <summary>Finalized features and their levels.</summary>
    public ImmutableSortedDictionary<string, short> Features { get; init; } =
        ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal);

    /// <summary>The quotas of clients.</summary>
    public ClientQuotaTable ClientQuotas { get; init; } = ClientQuotaTable.Empty;

    /// <summary>
    /// Configs of brokers that were set at run time, by the broker's id as text; those of all brokers are under the empty
    /// text. <see cref="BrokerConfig"/> has what applies.
    /// </summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> BrokerConfigs { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>What users' passwords are checked against.</summary>
    public ImmutableSortedDictionary<ScramUser, ScramCredential> ScramCredentials { get; init; } =
        ImmutableSortedDictionary<ScramUser, ScramCredential>.Empty;

    /// <summary>Subscriptions to clients' metrics: their configs by name.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> ClientMetrics { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>Configs of groups, by the group's id.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> GroupConfigs { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>What topics fall back to on this node, as of what was set while brokers run.</summary>
    public TopicConfigDefaults TopicDefaults { get; init; } = TopicConfigDefaults.Kafka;

    public int TopicCount => TopicsByName.Count;

    /// <summary>Of all topics together.</summary>
    public int PartitionCount { get; init; }

    /// <summary>In no order; the enumerator is a struct.</summary>
    public ImmutableDictionary<string, TopicImage> TopicsByName { get; init; } =
        ImmutableDictionary.Create<string, TopicImage>(StringComparer.Ordinal);

    internal ImmutableDictionary<Guid, TopicImage> TopicsById { get; init; } = ImmutableDictionary<Guid, TopicImage>.Empty;

    /// <summary>The ids of the topics that have a replica on a broker.</summary>
    internal ImmutableDictionary<int, ImmutableSortedSet<Guid>> TopicsByBroker { get; init; } =
        ImmutableDictionary<int, ImmutableSortedSet<Guid>>.Empty;

    /// <summary>Which topics the last images differ in.</summary>
    internal ImageHistory History { get; init; } = ImageHistory.Empty;

    /// <summary>
    /// What has changed since an image that this one came from by replaying. Costs as much as what changed; where the
    /// other one is too old, or of another line, all topics are compared.
    /// </summary>
    public MetadataChanges ChangedSince(MetadataImage previous) => MetadataChanges.Between(previous, this);

    public bool TryGetTopic(string name, [NotNullWhen(true)] out TopicImage? topic) => TopicsByName.TryGetValue(name, out topic);

    public bool TryGetTopic(Guid topicId, [NotNullWhen(true)] out TopicImage? topic) => TopicsById.TryGetValue(topicId, out topic);

    /// <summary>Null where there is no such topic or partition.</summary>
    public PartitionRegistration? Partition(string topic, int partition) =>
        TopicsByName.TryGetValue(topic, out var image) ? image.Partition(partition) : null;

    /// <summary>Brokers that may hold new replicas now: as many as a topic can have replicas that are in sync at once.</summary>
    public int ActiveBrokerCount
    {
        get
        {
            var count = 0;
            foreach (var (_, broker) in Brokers)
            {
                count += broker.IsActive ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>The topics that have a replica on the broker, in the order of their ids.</summary>
    public IEnumerable<TopicImage> TopicsOn(int brokerId)
    {
        if (TopicsByBroker.TryGetValue(brokerId, out var topicIds))
        {
            foreach (var topicId in topicIds)
            {
                yield return TopicsById[topicId];
            }
        }
    }

    /// <summary>The level at which the whole cluster uses a feature; 0 where it does not.</summary>
    public short FeatureLevel(string feature) => Features.GetValueOrDefault(feature);

    /// <summary>A config of a broker that was set at run time, for it or else for all; null where it was not.</summary>
    public string? BrokerConfig(int brokerId, string key) =>
        BrokerConfigs.TryGetValue(brokerId.ToString(CultureInfo.InvariantCulture), out var own) && own.TryGetValue(key, out var value) ? value
        : BrokerConfigs.TryGetValue("", out var common) && common.TryGetValue(key, out value) ? value
        : null;

    /// <summary>The configs of resources that are there by their configs alone, and of brokers; by name.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> ConfigsOf(ConfigResource resource) => resource switch
    {
        ConfigResource.Broker => BrokerConfigs,
        ConfigResource.ClientMetrics => ClientMetrics,
        ConfigResource.Group => GroupConfigs,
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "Topics have theirs with them."),
    };

    internal MetadataImage WithConfigs(
        ConfigResource resource, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> configs) => resource switch
    {
        ConfigResource.Broker => this with { BrokerConfigs = configs },
        ConfigResource.ClientMetrics => this with { ClientMetrics = configs },
        ConfigResource.Group => this with { GroupConfigs = configs },
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "Topics have theirs with them."),
    };

    /// <summary>As it would be if a broker had these configs.</summary>
    internal MetadataImage WithBrokerConfigs(string broker, IReadOnlyDictionary<string, string> configs) => this with
    {
        BrokerConfigs = configs.Count == 0
            ? BrokerConfigs.Remove(broker)
            : BrokerConfigs.SetItem(broker, TopicImage.NoConfigs.AddRange(configs)),
    };

    /// <summary>Whether the broker serves and is shown to clients.</summary>
    public bool IsLive(int brokerId) => Brokers.TryGetValue(brokerId, out var broker) && !broker.Fenced;

    /// <summary>Whether the broker may lead, hold new replicas and be in sync: it lives and is not about to stop.</summary>
    public bool IsActive(int brokerId) => Brokers.TryGetValue(brokerId, out var broker) && broker.IsActive;
}
