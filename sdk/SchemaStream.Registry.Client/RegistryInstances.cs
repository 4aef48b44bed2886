namespace SchemaStream.Registry.Client;

/// <summary>The instances of one registry, and which of them answered last: that one is asked first.</summary>
internal sealed class RegistryInstances
{
    private readonly string[] _roots;
    private int _preferred;

    public RegistryInstances(RegistryClientOptions options) => _roots = [.. options.Alternatives.Prepend(options.Address).Select(Root)];

    /// <summary>How many there are.</summary>
    public int Count => _roots.Length;

    /// <summary>All of them, for people.</summary>
    public string Names => string.Join(", ", _roots);

    /// <summary>Where to begin: an instance that failed another request meanwhile is not asked first again.</summary>
    public int Preferred => Volatile.Read(ref _preferred);

    /// <summary>The address of an instance, counted from any number on.</summary>
    public string this[int instance] => _roots[instance % _roots.Length];

    /// <summary>It answered.</summary>
    public void Prefer(int instance) => Volatile.Write(ref _preferred, instance % _roots.Length);

    private static string Root(Uri address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" }
        ? address.AbsoluteUri.TrimEnd('/')
        : throw new ArgumentException(
            $"'{address}' is not a registry's address: write it like http://127.0.0.1:8081.", nameof(address));
}
