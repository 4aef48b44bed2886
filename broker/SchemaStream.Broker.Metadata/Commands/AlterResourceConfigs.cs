using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>The changes of one resource's configs: all of them or none.</summary>
/// <param name="Name">Of the subscription or group.</param>
/// <param name="Changes">In order; a key may stand there once.</param>
/// <param name="ReplaceAll">AlterConfigs' old manner: what is not set goes back to its default.</param>
public sealed record ResourceConfigAlteration(string Name, IReadOnlyList<ConfigChange> Changes, bool ReplaceAll = false);

/// <summary>IncrementalAlterConfigs and AlterConfigs, of subscriptions to clients' metrics or of groups.</summary>
public sealed record AlterResourceConfigsCommand(
    ConfigResource Resource, IReadOnlyList<ResourceConfigAlteration> Resources, bool ValidateOnly = false)
    : ControllerCommand<AlterResourceConfigsReply>
{
    /// <inheritdoc/>
    public override AlterResourceConfigsReply Refused(ErrorCode error, string message) =>
        new([.. Resources.Select(resource => new ResourceConfigResult(resource.Name, error, message))]);
}

/// <summary>How the change of one resource's configs went.</summary>
public sealed record ResourceConfigResult(string Name, ErrorCode ErrorCode, string? ErrorMessage);

/// <summary>Answers <see cref="AlterResourceConfigsCommand"/>, in the request's order.</summary>
public sealed record AlterResourceConfigsReply(IReadOnlyList<ResourceConfigResult> Resources);
