using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaStream.Registry.Security;
using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Security;

/// <summary>Whoever asks a follower is who asks the leader.</summary>
public sealed class ForwardedIdentityTests : IAsyncLifetime
{
    private static readonly string Users = string.Join('\n', new[] { "ann", "bob" }.Select(
        name => $"{name}:{PasswordHash.Make(name + "-password", iterations: 1000)}"));

    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task TheLeader_KnowsTheFollowersCaller()
    {
        await using var leader = await StartAsync("ann * admin\nbob * read");
        await LeadAsync(leader);
        await using var follower = await StartAsync("ann * admin\nbob * admin");

        (await RegisterAsync(follower, "ann", "orders-value")).Status.ShouldBe(200);

        var (_, contract) = await follower.SendAsync(HttpMethod.Get, "/contracts/topics/orders", null, As("ann"));
        contract.GetProperty("boundBy").GetString().ShouldBe("ann (the first schema under orders-value)");
    }

    [Fact]
    public async Task TheLeader_AsksAgain_WhatTheFollowerLetThrough()
    {
        await using var leader = await StartAsync("ann * admin\nbob * read");
        await LeadAsync(leader);
        await using var follower = await StartAsync("ann * admin\nbob * admin");

        var (status, body) = await RegisterAsync(follower, "bob", "orders-value");

        status.ShouldBe(403);
        body.GetProperty("error_code").GetInt32().ShouldBe(40301);
        (await follower.SendAsync(HttpMethod.Get, "/subjects", null, As("ann"))).Body.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task WhoIsUnknown_IsNotForwarded_WhateverItSaysOfItself()
    {
        await using var leader = await StartAsync("ann * admin");
        await LeadAsync(leader);
        await using var follower = await StartAsync("ann * admin");

        (await follower.RegisterAsync("orders-value", Avro.Record("A"))).Status.ShouldBe(401);
        (await leader.SendAsync(HttpMethod.Delete, "/subjects/first-value", null, ("X-Forward", "true"))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task BetweenInstances_HttpsIsTrustedByItsAuthority()
    {
        using var certificate = Certificate();
        await using var leader = await StartAsync("ann * admin", certificate, [certificate]);
        await LeadAsync(leader);
        await using var follower = await StartAsync("ann * admin", certificate, [certificate]);
        await using var stranger = await StartAsync("ann * admin", certificate, authorities: null);

        (await RegisterAsync(follower, "ann", "orders-value")).Status.ShouldBe(200);
        var (status, body) = await RegisterAsync(stranger, "ann", "others-value");

        status.ShouldBe(500);
        body.GetProperty("error_code").GetInt32().ShouldBe(50003);
    }

    private static async Task LeadAsync(Instance leader) => (await RegisterAsync(leader, "ann", "first-value")).Status.ShouldBe(200);

    private static Task<(int Status, System.Text.Json.JsonElement Body)> RegisterAsync(Instance registry, string name, string subject) =>
        registry.SendAsync(
            HttpMethod.Post, $"/subjects/{subject}/versions", System.Text.Json.JsonSerializer.Serialize(new { schema = Avro.Record("A") }), As(name));

    private static (string, string) As(string name) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{name}-password")));

    private Task<Instance> StartAsync(
        string permissions, X509Certificate2? certificate = null, X509Certificate2Collection? authorities = null) => Instance.StartAsync(
        _broker.BootstrapServers,
        store => store with { PeerAuthorities = authorities },
        run: options => options with
        {
            Security = new SecurityOptions { Users = UserFile.Parse(Users), Permissions = PermissionFile.Parse(permissions) },
            Listeners = certificate is null ? [] : [new RegistryListener(ListenerScheme.Https, "127.0.0.1", 0)],
            Tls = certificate is null ? null : new ServerTls { Certificate = certificate },
        },
        http: new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate?.GetCertHashString(),
            },
        });

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
