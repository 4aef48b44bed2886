using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>A request to a coordinator's shard, of groups or of transactions. It carries no clock and no randomness of its own.</summary>
public abstract record CoordinatorCommand
{
    /// <summary>The answer where the shard cannot be asked at all, or its records could not be appended.</summary>
    public abstract CoordinatorReply Refused(ErrorCode error);
}

/// <summary>The answer to a <see cref="CoordinatorCommand"/>.</summary>
public abstract record CoordinatorReply;
