namespace SchemaStream.Broker.Coordination;

/// <summary>Which groups with members may change their protocol (group.consumer.migration.policy); empty ones always may.</summary>
[Flags]
public enum ConsumerGroupMigrationPolicy
{
    Disabled = 0,

    /// <summary>A classic group becomes a consumer group with the first member that speaks the new protocol.</summary>
    Upgrade = 1,

    /// <summary>A consumer group becomes a classic one when the last member that speaks the new protocol goes.</summary>
    Downgrade = 2,

    Bidirectional = Upgrade | Downgrade,
}
