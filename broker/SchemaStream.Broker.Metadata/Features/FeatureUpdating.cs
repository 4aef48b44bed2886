using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Features;

/// <summary>UpdateFeatures: all of a request's features change, or none.</summary>
internal static class FeatureUpdating
{
    public static UpdateFeaturesReply Update(ControllerDraft draft, UpdateFeaturesCommand command)
    {
        var records = new List<FeatureLevelRecord>(command.Updates.Count);
        foreach (var update in command.Updates)
        {
            if (Refusal(draft, command, update) is { } refusal)
            {
                return new UpdateFeaturesReply(
                    refusal.Error, $"The update failed for all features since the following feature had an error: {refusal.Message}");
            }

            if (draft.Image.FeatureLevel(update.Feature) != update.Level)
            {
                records.Add(new FeatureLevelRecord { Name = update.Feature, Level = update.Level });
            }
        }

        if (!command.ValidateOnly)
        {
            draft.Records.AddRange(records);
        }

        return new UpdateFeaturesReply(ErrorCode.None, null);
    }

    /// <summary>The levels that a new cluster begins with, and one that is older than its features.</summary>
    public static IEnumerable<FeatureLevelRecord> Defaults() =>
        FeatureRegistry.All.Select(feature => new FeatureLevelRecord { Name = feature.Name, Level = feature.DefaultLevel });

    private static (ErrorCode Error, string Message)? Refusal(
        ControllerDraft draft, UpdateFeaturesCommand command, FeatureUpdate update)
    {
        if (command.Updates.Count(other => other.Feature == update.Feature) > 1)
        {
            return (ErrorCode.InvalidRequest, $"Feature {update.Feature} is named more than once.");
        }

        return Reason(draft, update) is { } reason
            ? (ErrorCode.InvalidUpdateVersion, $"Invalid update version {update.Level} for feature {update.Feature}. {reason}")
            : null;
    }

    private static string? Reason(ControllerDraft draft, FeatureUpdate update)
    {
        if (!Enum.IsDefined(update.Kind))
        {
            return "The controller does not support the given upgrade type.";
        }

        if (update.Level < 0)
        {
            return "A feature version cannot be less than 0.";
        }

        if (FeatureRegistry.Find(update.Feature) is not { } feature)
        {
            return "The controller does not support this feature.";
        }

        if (update.Level != 0 && (update.Level < feature.MinLevel || update.Level > feature.MaxLevel))
        {
            return $"The controller only supports versions {feature.MinLevel}-{feature.MaxLevel}.";
        }

        var current = draft.Image.FeatureLevel(update.Feature);
        if (update.Level > current)
        {
            return update.Kind == FeatureUpdateKind.Upgrade ? null : "Can't downgrade to a newer version.";
        }

        return update.Level == current ? null : DowngradeReason(update);
    }

    private static string? DowngradeReason(FeatureUpdate update) => update.Kind switch
    {
        FeatureUpdateKind.Upgrade =>
            "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",

        // Records are written in their newest form whatever the level: an older software could not read them.
        _ when update.Feature != FeatureRegistry.MetadataVersion => null,
        FeatureUpdateKind.SafeDowngrade =>
            "Refusing to perform the requested downgrade because it might delete metadata information.",
        _ => "Unsafe metadata downgrade is not supported in this version.",
    };
}
