namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>Where a consumer group is; follows from its epochs and its members'. The names are shown to clients.</summary>
internal enum ConsumerGroupState
{
    /// <summary>No members; offsets may be left.</summary>
    Empty,

    /// <summary>The group has changed since the target assignment was made.</summary>
    Assigning,

    /// <summary>Some member does not have yet what it is to have.</summary>
    Reconciling,

    Stable,
}
