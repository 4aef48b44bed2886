using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>The changes of one broker's configs: all of them or none.</summary>
/// <param name="Broker">A broker's id as text; empty for the default of all brokers.</param>
/// <param name="Changes">In order; a key may stand there once.</param>
/// <param name="ReplaceAll">AlterConfigs' old manner: what is not set goes back to its default.</param>
public sealed record BrokerConfigAlteration(string Broker, IReadOnlyList<ConfigChange> Changes, bool ReplaceAll = false);

/// <summary>IncrementalAlterConfigs and AlterConfigs, of brokers.</summary>
public sealed record AlterBrokerConfigsCommand(IReadOnlyList<BrokerConfigAlteration> Brokers, bool ValidateOnly = false)
    : ControllerCommand<AlterBrokerConfigsReply>
{
    /// <inheritdoc/>
    public override AlterBrokerConfigsReply Refused(ErrorCode error, string message) => new(
        [.. Brokers.Select(broker => new BrokerConfigResult(broker.Broker, error, message))]);
}

/// <summary>How the change of one broker's configs went.</summary>
public sealed record BrokerConfigResult(string Broker, ErrorCode ErrorCode, string? ErrorMessage);

/// <summary>Answers <see cref="AlterBrokerConfigsCommand"/>, in the request's order.</summary>
public sealed record AlterBrokerConfigsReply(IReadOnlyList<BrokerConfigResult> Brokers);
