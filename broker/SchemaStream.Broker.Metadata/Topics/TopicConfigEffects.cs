using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>
/// What changed configs do to a topic's partitions at once:
/// <list type="bullet">
/// <item>A smaller min.insync.replicas: where the ISR is large enough now, records will be committed that the ELR does not
/// have, and so it is emptied.</item>
/// <item>A larger one: whoever leaves the ISR from now on counts as having all that is committed. A leader that does not
/// know of the change yet would still commit without it; so every partition epoch grows, and no leader's proposal is taken
/// that was not made upon metadata with the change.</item>
/// <item>unclean.leader.election.enable set to true: where there is no leader, one is elected.</item>
/// </list>
/// </summary>
internal static class TopicConfigEffects
{
    /// <summary>Whether so many partitions are concerned that they do not fit into this decision beside what it has.</summary>
    public static bool Exceeds(ControllerDraft draft, TopicImage topic, TopicConfig config) =>
        IsEffective(topic.Config, config)
        && draft.Records.Count > 0
        && draft.Records.Count + topic.Partitions.Length > draft.Options.MaxRecordsPerDecision;

    public static void Apply(ControllerDraft draft, TopicImage topic, TopicConfig config)
    {
        if (!IsEffective(topic.Config, config))
        {
            return;
        }

        for (var index = 0; index < topic.Partitions.Length; index++)
        {
            var partition = draft.Partition(topic, index);
            draft.Change(topic, index, new PartitionChange(partition, config.MinInSyncReplicas)
            {
                Election = config.UncleanLeaderElectionEnable ? ElectionKind.Unclean : ElectionKind.Online,
                BumpsPartitionEpoch = partition.EffectiveMinIsr(config.MinInSyncReplicas)
                    > partition.EffectiveMinIsr(topic.Config.MinInSyncReplicas),
            });
        }
    }

    /// <summary>Whether anything about partitions follows from the other configs.</summary>
    public static bool IsEffective(TopicConfig before, TopicConfig after) =>
        before.MinInSyncReplicas != after.MinInSyncReplicas
        || (after.UncleanLeaderElectionEnable && !before.UncleanLeaderElectionEnable);
}
