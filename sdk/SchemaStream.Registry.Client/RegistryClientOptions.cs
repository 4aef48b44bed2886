namespace SchemaStream.Registry.Client;

/// <summary>How to reach a registry.</summary>
public sealed class RegistryClientOptions
{
    /// <summary>The registry's address, such as <c>http://127.0.0.1:8081</c>; a path such as <c>/contexts/.dev</c> is kept.</summary>
    public required Uri Address { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many schemas are remembered by id, and as many by subject and text.</summary>
    public int CacheCapacity { get; init; } = 10_000;

    /// <summary>User name and password as <c>user:password</c>, sent as basic authentication; null sends none.</summary>
    public string? BasicCredentials { get; init; }

    /// <summary>A token sent as bearer authentication; null sends none.</summary>
    public string? BearerToken { get; init; }
}
