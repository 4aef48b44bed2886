using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>CreateTopics.</summary>
internal sealed class TopicCreation(ControllerDraft draft)
{
    private const sbyte TopicResource = (sbyte)ConfigResource.Topic;

    private Dictionary<string, string>? _collisionKeys;
    private readonly PartitionBudget _budget = new(draft);

    /// <summary>Collected only for a name that needs them: most names cannot collide with any.</summary>
    private Dictionary<string, string> CollisionKeys => _collisionKeys ??= AllCollisionKeys(draft.Image);

    public CreateTopicsReply Create(CreateTopicsCommand command)
    {
        var results = new List<CreatedTopic>(command.Topics.Count);
        foreach (var group in command.Topics.GroupBy(topic => topic.Name, StringComparer.Ordinal))
        {
            var topic = group.First();
            results.Add(group.Skip(1).Any()
                ? CreatedTopic.Failed(topic.Name, ErrorCode.InvalidRequest, "Duplicate topic name.")
                : Create(topic, command.ValidateOnly));
        }

        return new CreateTopicsReply(results);
    }

    private CreatedTopic Create(NewTopic topic, bool validateOnly)
    {
        if (CheckName(topic.Name) is { } badName)
        {
            return CreatedTopic.Failed(topic.Name, badName.Error, badName.Message);
        }

        var configs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (CheckConfigs(topic, configs) is { } badConfig)
        {
            return CreatedTopic.Failed(topic.Name, ErrorCode.InvalidConfig, badConfig);
        }

        var assignment = topic.Assignments.Count > 0
            ? ManualAssignment.OfNewTopic(draft.Image, topic)
            : AutomaticAssignment.OfNewTopic(draft, topic, _budget);
        if (assignment.Replicas is not { } replicas)
        {
            return CreatedTopic.Failed(topic.Name, assignment.Error, assignment.Message!);
        }

        if (_budget.Take(replicas.Length) is { } tooMany)
        {
            return CreatedTopic.Failed(topic.Name, ErrorCode.PolicyViolation, tooMany);
        }

        if (TopicNames.CanCollide(topic.Name))
        {
            CollisionKeys[TopicNames.CollisionKey(topic.Name)] = topic.Name;
        }

        return new CreatedTopic(topic.Name, ErrorCode.None, null)
        {
            TopicId = validateOnly ? Guid.Empty : Record(topic.Name, replicas, configs),
            PartitionCount = replicas.Length,
            ReplicationFactor = replicas[0].Length,
            Configs = draft.Image.TopicDefaults.Describe(configs),
        };
    }

    private (ErrorCode Error, string Message)? CheckName(string name)
    {
        if (TopicNames.Validate(name) is { } reason)
        {
            return (ErrorCode.InvalidTopicException, reason);
        }

        if (draft.Image.TryGetTopic(name, out _))
        {
            return (ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        }

        return TopicNames.CanCollide(name) && CollisionKeys.TryGetValue(TopicNames.CollisionKey(name), out var other)
            ? (ErrorCode.InvalidTopicException, $"Topic '{name}' collides with existing topic: {other}")
            : null;
    }

    private string? CheckConfigs(NewTopic topic, SortedDictionary<string, string> configs)
    {
        foreach (var (key, value) in topic.Configs)
        {
            if (value is null)
            {
                return $"Null value not supported for topic configs: {key}";
            }

            configs[key] = value;
        }

        return TopicConfigDefinitions.Validate(configs, draft.Image.TopicDefaults);
    }

    private Guid Record(string name, ImmutableArray<ImmutableArray<int>> replicas, SortedDictionary<string, string> configs)
    {
        var topicId = draft.DrawTopicId();
        draft.Records.Add(new TopicRecord { Name = name, TopicId = topicId });
        foreach (var (key, value) in configs)
        {
            draft.Records.Add(new ConfigRecord { ResourceType = TopicResource, ResourceName = name, Name = key, Value = value });
        }

        for (var partition = 0; partition < replicas.Length; partition++)
        {
            draft.Records.Add(NewPartition(draft.Image, topicId, partition, replicas[partition]));
        }

        return topicId;
    }

    /// <summary>A new partition: who can be counted on is in sync, and the first of them leads.</summary>
    public static PartitionRecord NewPartition(MetadataImage image, Guid topicId, int partition, ImmutableArray<int> replicas)
    {
        ImmutableArray<int> isr = [.. replicas.Where(image.IsActive)];
        return PartitionRecords.Whole(topicId, partition, new PartitionRegistration
        {
            Replicas = replicas,
            Isr = isr,
            Leader = isr.IsEmpty ? PartitionRegistration.NoLeader : isr[0],
            LeaderEpoch = 0,
            PartitionEpoch = 0,
        });
    }

    private static Dictionary<string, string> AllCollisionKeys(MetadataImage image)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _) in image.TopicsByName)
        {
            if (TopicNames.CanCollide(name))
            {
                keys[TopicNames.CollisionKey(name)] = name;
            }
        }

        return keys;
    }
}
