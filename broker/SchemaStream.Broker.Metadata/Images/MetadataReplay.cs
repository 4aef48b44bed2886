using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>
/// Puts records on top of an image: the only place where metadata changes. Many records may go into one new image, which
/// is what makes loading a long log cheap.
/// </summary>
public sealed class MetadataReplay
{
    private const sbyte TopicResource = (sbyte)ConfigResource.Topic;
    private const sbyte BrokerResource = (sbyte)ConfigResource.Broker;
    private const sbyte ClientMetricsResource = (sbyte)ConfigResource.ClientMetrics;
    private const sbyte GroupResource = (sbyte)ConfigResource.Group;

    private readonly TopicConfigDefaults _defaults;
    private readonly ImmutableSortedDictionary<int, BrokerRegistration>.Builder _brokers;
    private readonly ImmutableSortedDictionary<string, short>.Builder _features;
    private readonly ImmutableDictionary<string, TopicImage>.Builder _topicsByName;
    private readonly ImmutableDictionary<Guid, TopicImage>.Builder _topicsById;
    private readonly Dictionary<Guid, ChangedTopic> _changed = [];
    private readonly List<Guid> _removed = [];
    private int _partitionCount;
    private TopicsByBroker _topicsByBroker;
    private MetadataImage _image;

    public MetadataReplay(MetadataImage image, TopicConfigDefaults defaults)
    {
        _image = image;
        _defaults = defaults;
        _brokers = image.Brokers.ToBuilder();
        _features = image.Features.ToBuilder();
        _topicsByName = image.TopicsByName.ToBuilder();
        _topicsById = image.TopicsById.ToBuilder();
        _topicsByBroker = new TopicsByBroker(image.TopicsByBroker);
        _partitionCount = image.PartitionCount;
    }

    /// <summary>Takes one record in.</summary>
    public void Replay(IRecordMessage record)
    {
        switch (record)
        {
            case ClusterRecord cluster:
                _image = _image with { ClusterId = cluster.ClusterId };
                break;
            case RegisterBrokerRecord broker:
                _brokers[broker.BrokerId] = Registration(broker);
                break;
            case BrokerFencingRecord fencing:
                _brokers[fencing.BrokerId] = Broker(fencing.BrokerId, fencing.BrokerEpoch) with
                {
                    Fenced = fencing.Fenced,
                    InControlledShutdown = fencing.InControlledShutdown,
                };
                break;
            case UnregisterBrokerRecord gone:
                Broker(gone.BrokerId, gone.BrokerEpoch);
                _brokers.Remove(gone.BrokerId);
                break;
            case ProducerIdsRecord ids:
                _image = _image with { NextProducerId = ids.NextProducerId };
                break;
            case FeatureLevelRecord { Level: 0 } feature:
                _features.Remove(feature.Name);
                break;
            case FeatureLevelRecord feature:
                _features[feature.Name] = feature.Level;
                break;
            case ScramCredentialRecord scram:
                _image = _image with { ScramCredentials = _image.ScramCredentials.SetItem(UserOf(scram.User, scram.Mechanism), Credential(scram)) };
                break;
            case RemoveScramCredentialRecord scram:
                _image = _image with { ScramCredentials = _image.ScramCredentials.Remove(UserOf(scram.User, scram.Mechanism)) };
                break;
            case ClientQuotaRecord quota:
                SetClientQuota(quota);
                break;
            case ConfigRecord { ResourceType: BrokerResource or ClientMetricsResource or GroupResource } config:
                SetConfig(config);
                break;
            default:
                ReplayTopic(record);
                break;
        }
    }

    /// <summary>The image with everything replayed so far, as of the offset of the last record.</summary>
    public MetadataImage Build(long offset)
    {
        var defaults = CurrentDefaults();
        foreach (var (topicId, changed) in _changed)
        {
            var topic = changed.Build(defaults);
            _partitionCount += topic.Partitions.Length - changed.Original.Partitions.Length;
            if (changed.IsAssignmentChanged)
            {
                _topicsByBroker.Remove(topicId, TopicsByBroker.Brokers(changed.Original.Partitions));
                _topicsByBroker.Add(topicId, TopicsByBroker.Brokers(topic.Partitions));
            }

            _topicsById[topicId] = topic;
            _topicsByName[topic.Name] = topic;
        }

        _image = _image with
        {
            History = _image.History.With([.. _changed.Keys, .. _removed]),
            Offset = offset,
            TopicDefaults = defaults,
            Brokers = _brokers.ToImmutable(),
            PartitionCount = _partitionCount,
            Features = _features.ToImmutable(),
            TopicsByName = _topicsByName.ToImmutable(),
            TopicsById = _topicsById.ToImmutable(),
            TopicsByBroker = _topicsByBroker.Build(),
        };
        _changed.Clear();
        _removed.Clear();
        _topicsByBroker = new TopicsByBroker(_image.TopicsByBroker);
        return _image;
    }

    private static ScramUser UserOf(string user, sbyte mechanism) => new(user, (ScramMechanism)mechanism);

    private static ScramCredential Credential(ScramCredentialRecord record) =>
        new([.. record.Salt.Span], [.. record.StoredKey.Span], [.. record.ServerKey.Span], record.Iterations);

    private void SetClientQuota(ClientQuotaRecord quota)
    {
        var parts = quota.Entity.ConvertAll(part => new QuotaEntityPart(part.Type, part.Name));
        if (ClientQuotaAltering.Parse(parts, out var entity) is { } reason)
        {
            throw Impossible($"a quota of an entity that is none ({reason})");
        }

        _image = _image with { ClientQuotas = _image.ClientQuotas.With(entity, quota.Key, quota.Remove ? null : quota.Value) };
    }

    private void SetConfig(ConfigRecord config)
    {
        var resource = (ConfigResource)config.ResourceType;
        var all = _image.ConfigsOf(resource);
        var configs = all.GetValueOrDefault(config.ResourceName) ?? TopicImage.NoConfigs;
        configs = config.Value is null ? configs.Remove(config.Name) : configs.SetItem(config.Name, config.Value);
        _image = _image.WithConfigs(
            resource, configs.IsEmpty ? all.Remove(config.ResourceName) : all.SetItem(config.ResourceName, configs));
    }

    /// <summary>Other defaults are other configs of all topics that say nothing of their own.</summary>
    private TopicConfigDefaults CurrentDefaults()
    {
        var defaults = _defaults.In(_image);
        if (!ReferenceEquals(defaults, _image.TopicDefaults) && defaults.HasOtherValues(_image.TopicDefaults))
        {
            foreach (var (topicId, _) in _topicsById)
            {
                Change(topicId).ResolveConfig();
            }
        }

        return defaults;
    }

    private void ReplayTopic(IRecordMessage record)
    {
        switch (record)
        {
            case TopicRecord topic:
                var created = new ChangedTopic(new TopicImage
                {
                    Name = topic.Name,
                    TopicId = topic.TopicId,
                    Partitions = [],
                    Config = TopicConfig.Default,
                });
                created.ResolveConfig();
                _changed[topic.TopicId] = created;
                _topicsByName[topic.Name] = created.Original;
                _topicsById[topic.TopicId] = created.Original;
                break;
            case PartitionRecord partition:
                Change(partition.TopicId).Add(partition);
                break;
            case PartitionChangeRecord change:
                Change(change.TopicId).Change(change);
                break;
            case RemoveTopicRecord removed:
                var gone = Change(removed.TopicId).Original;
                _topicsByName.Remove(gone.Name);
                _partitionCount -= gone.Partitions.Length;
                _topicsByBroker.Remove(gone.TopicId, TopicsByBroker.Brokers(gone.Partitions));
                _topicsById.Remove(removed.TopicId);
                _changed.Remove(removed.TopicId);
                _removed.Add(removed.TopicId);
                break;
            case ConfigRecord { ResourceType: TopicResource } config:
                if (!_topicsByName.TryGetValue(config.ResourceName, out var configured))
                {
                    throw Impossible($"config {config.Name} of topic {config.ResourceName}, which is not there");
                }

                Change(configured.TopicId).SetConfig(config.Name, config.Value);
                break;
            default:
                throw Impossible($"{record.GetType().Name} {record.RecordType}, which nothing is done with");
        }
    }

    private ChangedTopic Change(Guid topicId)
    {
        if (!_changed.TryGetValue(topicId, out var changed))
        {
            if (!_topicsById.TryGetValue(topicId, out var topic))
            {
                throw Impossible($"a change of topic {topicId}, which is not there");
            }

            _changed[topicId] = changed = new ChangedTopic(topic);
        }

        return changed;
    }

    private BrokerRegistration Broker(int brokerId, long brokerEpoch) =>
        _brokers.TryGetValue(brokerId, out var broker) && broker.BrokerEpoch == brokerEpoch
            ? broker
            : throw Impossible($"a change of broker {brokerId} in epoch {brokerEpoch}, which is not registered");

    private static BrokerRegistration Registration(RegisterBrokerRecord record) => new()
    {
        BrokerId = record.BrokerId,
        IncarnationId = record.IncarnationId,
        BrokerEpoch = record.BrokerEpoch,
        Endpoints =
        [.. record.Endpoints.Select(endpoint => new BrokerEndpoint(
            endpoint.Listener, endpoint.Host, endpoint.Port, endpoint.SecurityProtocol))],
        Rack = record.Rack,
        Fenced = record.Fenced,
        InControlledShutdown = record.InControlledShutdown,
        DirectoryId = record.DirectoryId,
    };

    internal static InvalidOperationException Impossible(string what) =>
        new($"The metadata log has {what}. It was not written by this code, or not in this order.");
}
