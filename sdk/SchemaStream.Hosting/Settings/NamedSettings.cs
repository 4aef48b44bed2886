namespace SchemaStream.Hosting.Settings;

/// <summary>Settings by names that are not the SDK's.</summary>
internal static class NamedSettings
{
    /// <summary>Adds them to those of the transport; null where there are none.</summary>
    /// <param name="named">The settings.</param>
    public static Action<IDictionary<string, string>>? Adding(IDictionary<string, string> named) => named.Count == 0
        ? null
        : settings =>
        {
            foreach (var (name, value) in named)
            {
                settings[name] = value;
            }
        };
}
