using Microsoft.Extensions.Diagnostics.HealthChecks;
using SchemaStream.Hosting.Consuming;
using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Health;

/// <summary>Healthy while brokers and registry answer and every consumer handles its records.</summary>
internal sealed class SchemaStreamHealthCheck(SchemaStreamClient client, IEnumerable<ConsumerState> consumers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // One group may have several members in one host: the one in the worst state speaks for them.
        var states = consumers.GroupBy(state => state.Name, StringComparer.Ordinal).ToDictionary(
            members => members.Key,
            object (members) => members.MinBy(state => state.IsRunning) is { IsRunning: false } failed
                ? failed.Failure?.Message ?? "not started"
                : "running");
        if (consumers.FirstOrDefault(state => state.Failure is not null) is { Failure: { } failure } failed)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, $"The consumer of {failed.Name} has failed: {failure.Message}", failure, states);
        }

        try
        {
            await client.PingAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unreachable) when (unreachable is BrokerException or RegistryException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, unreachable.Message, unreachable, states);
        }

        return consumers.All(state => state.IsRunning)
            ? HealthCheckResult.Healthy("Brokers and registry answer.", states)
            : new HealthCheckResult(HealthStatus.Degraded, "Not all consumers have joined their groups.", data: states);
    }
}
