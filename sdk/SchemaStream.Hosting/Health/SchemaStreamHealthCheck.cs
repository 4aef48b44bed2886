using Microsoft.Extensions.Diagnostics.HealthChecks;
using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Health;

/// <summary>Healthy while brokers and registry answer, all consumers and transforms handle records and all tables are caught up.</summary>
internal sealed class SchemaStreamHealthCheck(SchemaStreamClient client, IEnumerable<PartState> parts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // One group may have several members in one host: the one in the worst state speaks for them.
        var states = parts.GroupBy(state => state.Name, StringComparer.Ordinal).ToDictionary(
            members => members.Key,
            object (members) => members.MinBy(state => state.IsRunning) is { IsRunning: false } failed
                ? failed.Failure?.Message ?? "not running yet"
                : "running");
        if (parts.FirstOrDefault(state => state.Failure is not null) is { Failure: { } failure } failed)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, $"The {failed.Name} has failed: {failure.Message}", failure, states);
        }

        try
        {
            await client.PingAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unreachable) when (unreachable is BrokerException or RegistryException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, unreachable.Message, unreachable, states);
        }

        var waiting = parts.Where(state => !state.IsRunning).Select(state => $"the {state.Name}").Distinct().ToList();
        return waiting.Count == 0
            ? HealthCheckResult.Healthy("Brokers and registry answer.", states)
            : new HealthCheckResult(HealthStatus.Degraded, $"Not running yet: {string.Join(", ", waiting)}.", data: states);
    }
}
