namespace SchemaStream.Registry;

/// <summary>An address that a registry serves at.</summary>
/// <param name="Scheme">How it is spoken there.</param>
/// <param name="Host">A name or an address; 0.0.0.0 is every one.</param>
/// <param name="Port">0 takes a free one.</param>
public sealed record RegistryListener(ListenerScheme Scheme, string Host, int Port);

/// <summary>How a listener is spoken to.</summary>
public enum ListenerScheme
{
    Http = 0,
    Https = 1,
}
