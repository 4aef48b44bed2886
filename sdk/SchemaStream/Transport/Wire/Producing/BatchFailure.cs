using SchemaStream.Protocol;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>Why a batch was given up.</summary>
/// <param name="Code">The error's name.</param>
/// <param name="Reason">What the broker said, if it did.</param>
/// <param name="IsOutcomeUnknown">Whether a broker may have it all the same.</param>
internal sealed record BatchFailure(string Code, string? Reason, bool IsOutcomeUnknown)
{
    public static readonly BatchFailure TimedOut = new(DeliveryReasons.TimedOut, null, IsOutcomeUnknown: false);

    public static readonly BatchFailure UnknownTopic = new(DeliveryReasons.UnknownTopic, null, IsOutcomeUnknown: false);

    public static readonly BatchFailure UnknownPartition = new(DeliveryReasons.UnknownPartition, null, IsOutcomeUnknown: false);

    /// <summary>Sent, not heard of, and not to be sent again.</summary>
    public static readonly BatchFailure InDoubt = new(
        WireErrors.NameOf(ErrorCode.OutOfOrderSequenceNumber),
        "a batch before it was given up, and whether this one was written is not known: sent again, it could be there twice",
        IsOutcomeUnknown: true);

    /// <summary>What a broker has refused for good.</summary>
    public static BatchFailure Of(ErrorCode error, string? reason) =>
        new(WireErrors.NameOf(error), reason ?? $"the broker refuses it with {error}", IsOutcomeUnknown: false);
}
