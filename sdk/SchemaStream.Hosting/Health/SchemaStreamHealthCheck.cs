using Microsoft.Extensions.Diagnostics.HealthChecks;
using SchemaStream.Hosting.Consuming;
using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Health;

/// <summary>Healthy while brokers and registry answer and every consumer handles its records.</summary>
internal sealed class SchemaStreamHealthCheck(SchemaStreamClient client, IEnumerable<ConsumerState> consumers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = consumers.ToDictionary(
            state => state.Name, state => (object)(state.IsRunning ? "running" : state.Failure?.Message ?? "not started"));
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
