using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>Which leader is asked for; the numbers are the protocol's.</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first replica.</summary>
    Preferred = 0,

    /// <summary>Any replica that lives, in sync or not, where there is no leader: records may be lost.</summary>
    Unclean = 1,
}

/// <summary>ElectLeaders.</summary>
/// <param name="Type">Which leader is asked for.</param>
/// <param name="Partitions">Null for all; then those that need no election are not told of.</param>
public sealed record ElectLeadersCommand(ElectionType Type, IReadOnlyList<PartitionSelector>? Partitions)
    : ControllerCommand<ElectLeadersReply>
{
    /// <inheritdoc/>
    public override ElectLeadersReply Refused(ErrorCode error, string message) => new(error, message, []);
}

/// <summary>Answers <see cref="ElectLeadersCommand"/>.</summary>
public sealed record ElectLeadersReply(ErrorCode ErrorCode, string? ErrorMessage, IReadOnlyList<PartitionResult> Partitions);
