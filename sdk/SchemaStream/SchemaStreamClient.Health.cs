using SchemaStream.Registry.Client;

namespace SchemaStream;

public sealed partial class SchemaStreamClient
{
    /// <summary>Asks brokers and registry for a sign of life: for health checks, and for waiting until they are there.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">No broker answers.</exception>
    /// <exception cref="RegistryException">The registry cannot be reached, or refuses these credentials.</exception>
    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        await _admin.PingAsync(cancellationToken).ConfigureAwait(false);
        await _registry.GetCompatibilityAsync(subject: null, cancellationToken).ConfigureAwait(false);
    }
}
