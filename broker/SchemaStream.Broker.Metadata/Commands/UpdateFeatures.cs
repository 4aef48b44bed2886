using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>In which direction a feature's level may go; the numbers are the protocol's.</summary>
public enum FeatureUpdateKind : sbyte
{
    Upgrade = 1,

    /// <summary>Down, where nothing is lost by it.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, at any price.</summary>
    UnsafeDowngrade = 3,
}

/// <summary>The level that a feature shall have; 0: it is not used any more.</summary>
public readonly record struct FeatureUpdate(string Feature, short Level, FeatureUpdateKind Kind);

/// <summary>UpdateFeatures: all or none.</summary>
public sealed record UpdateFeaturesCommand(IReadOnlyList<FeatureUpdate> Updates, bool ValidateOnly = false)
    : ControllerCommand<UpdateFeaturesReply>
{
    /// <inheritdoc/>
    public override UpdateFeaturesReply Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>Answers <see cref="UpdateFeaturesCommand"/>, for all features together.</summary>
public sealed record UpdateFeaturesReply(ErrorCode ErrorCode, string? ErrorMessage);
