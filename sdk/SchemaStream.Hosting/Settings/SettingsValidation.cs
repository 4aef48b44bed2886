using Microsoft.Extensions.Options;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// Says all that is wrong with the settings at once, each by its configuration key: the client's and those of all that was added,
/// before anything of it starts.
/// </summary>
/// <param name="checks">What else has settings.</param>
internal sealed class SettingsValidation(IEnumerable<ISettingsCheck> checks) : IValidateOptions<SchemaStreamSettings>
{
    public ValidateOptionsResult Validate(string? name, SchemaStreamSettings options)
    {
        var wrong = new List<string>();
        CheckBrokers(options.BootstrapServers, wrong);
        CheckRegistry(options, wrong);
        CheckSecurity(options.Security, wrong);
        var rules = new SettingsRules(path: "");
        rules.OneOf<UnknownSchema>(nameof(options.UnknownSchema), options.UnknownSchema);
        rules.OneOf<ClientTransport>(nameof(options.Transport), options.Transport);
        rules.OneOf<SaslMechanism>("Security:Sasl", options.Security.Sasl);
        rules.Within(nameof(options.StartTimeout), options.StartTimeout, TimeSpan.Zero, TimeSpan.FromDays(1));
        wrong.AddRange(rules.Wrong);
        wrong.AddRange(checks.SelectMany(check => check.Wrong));
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Distinct().Select(each => $"SchemaStream: {each}."));
    }

    private static void CheckBrokers(string brokers, List<string> wrong)
    {
        var addresses = brokers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (addresses.Length == 0)
        {
            wrong.Add("BootstrapServers is missing; brokers as host:port were expected, such as 127.0.0.1:9092");
        }

        foreach (var address in addresses)
        {
            // Kafka allows a listener's protocol in front of the address.
            var plain = address[(address.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..];
            var colon = plain.LastIndexOf(':');
            if (colon < 1 || !ushort.TryParse(plain.AsSpan(colon + 1), out var port) || port == 0)
            {
                wrong.Add($"BootstrapServers names '{address}'; host:port was expected, such as 127.0.0.1:9092");
            }
        }
    }

    private static void CheckRegistry(SchemaStreamSettings settings, List<string> wrong)
    {
        var addresses = settings.RegistryUrl.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (addresses.Length == 0)
        {
            wrong.Add("RegistryUrl is missing; an address was expected, such as http://127.0.0.1:8081");
        }

        foreach (var address in addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                wrong.Add($"RegistryUrl names '{address}'; an http or https address was expected, such as http://127.0.0.1:8081");
            }
        }

        if (SettingsText.Said(settings.Registry.UserName) is not null && SettingsText.Said(settings.Registry.BearerToken) is not null)
        {
            wrong.Add("Registry:UserName and Registry:BearerToken are both set; one of the two was expected");
        }

        Demand("Registry", "UserName", settings.Registry.UserName, "Password", settings.Registry.Password, wrong);
        Demand("Registry", "CertificateFile", settings.Registry.CertificateFile, "KeyFile", settings.Registry.KeyFile, wrong);
        Demand("Registry", "CertificateFile", settings.Registry.CertificateFile, "KeyPassword", settings.Registry.KeyPassword, wrong);
        CheckFile("Registry:AuthorityFile", settings.Registry.AuthorityFile, wrong);
        CheckFile("Registry:CertificateFile", settings.Registry.CertificateFile, wrong);
        CheckFile("Registry:KeyFile", settings.Registry.KeyFile, wrong);
    }

    private static void CheckSecurity(BrokerSecuritySettings security, List<string> wrong)
    {
        if (security.Sasl != SaslMechanism.None && (security.UserName is null || security.Password is null))
        {
            wrong.Add($"Security:Sasl is {security.Sasl}, which needs Security:UserName and Security:Password");
        }

        if (security is { Sasl: SaslMechanism.None, IsSaslSaid: false } && !(string.IsNullOrEmpty(security.UserName) && string.IsNullOrEmpty(security.Password)))
        {
            var key = string.IsNullOrEmpty(security.UserName) ? "Password" : "UserName";
            wrong.Add($"Security:{key} is set, but Security:Sasl is None, by which no one logs in; {Mechanisms()} was expected");
        }

        if (security is { UseTls: false, IsTlsSaid: false })
        {
            RefuseWithoutTls("AuthorityFile", security.AuthorityFile, wrong);
            RefuseWithoutTls("CertificateFile", security.CertificateFile, wrong);
            RefuseWithoutTls("KeyFile", security.KeyFile, wrong);
        }

        Demand("Security", "CertificateFile", security.CertificateFile, "KeyFile", security.KeyFile, wrong);
        Demand("Security", "CertificateFile", security.CertificateFile, "KeyPassword", security.KeyPassword, wrong);
        CheckFile("Security:AuthorityFile", security.AuthorityFile, wrong);
        CheckFile("Security:CertificateFile", security.CertificateFile, wrong);
        CheckFile("Security:KeyFile", security.KeyFile, wrong);
    }

    private static string Mechanisms() =>
        SettingsRules.Names([.. Enum.GetValues<SaslMechanism>().Where(each => each != SaslMechanism.None).Select(each => each.ToString())]);

    private static void RefuseWithoutTls(string key, string? file, List<string> wrong)
    {
        if (!string.IsNullOrEmpty(file))
        {
            wrong.Add($"Security:{key} is '{file}', but Security:UseTls is false; true was expected, or no file");
        }
    }

    /// <summary>Refuses what is of no use alone; without its value, which may be a secret.</summary>
    private static void Demand(string section, string needed, string? neededValue, string key, string? value, List<string> wrong)
    {
        if (!string.IsNullOrEmpty(value) && string.IsNullOrEmpty(neededValue))
        {
            wrong.Add($"{section}:{key} is set, but not {section}:{needed}; both were expected, or neither");
        }
    }

    private static void CheckFile(string key, string? file, List<string> wrong)
    {
        if (SettingsText.Said(file) is not null && !File.Exists(file))
        {
            wrong.Add($"{key} is '{file}', where there is no file");
        }
    }
}
