using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary>Users' SCRAM credentials. A password never leaves this process: it is salted here.</summary>
internal sealed partial class ScramCredentials(ToolCluster cluster)
{
    private const int DefaultIterations = 4096;
    private const int LeastIterations = 4096;
    private const int SaltBytes = 32;

    private static readonly (string Name, sbyte Code, HashAlgorithmName Hash, int Bytes)[] Mechanisms =
    [
        ("SCRAM-SHA-256", 1, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes), ("SCRAM-SHA-512", 2, HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
    ];

    /// <summary>Whether a setting is a credential.</summary>
    public static bool IsMechanism(string key) => Mechanisms.Any(mechanism => mechanism.Name == key);

    /// <summary>Which mechanisms users have credentials of; all users without names.</summary>
    public async Task DescribeAsync(IReadOnlyList<string> users, TextWriter output, CancellationToken cancellationToken)
    {
        var answer = await cluster.AskAnyAsync(
            new DescribeUserScramCredentialsRequest { Users = [.. users.Select(user => new DescribeUserScramCredentialsRequest.UserName { Name = user })] },
            cancellationToken);
        if (answer.ErrorCode != ErrorCode.None)
        {
            throw new ToolFailedException(answer.ErrorCode, answer.ErrorMessage, "The SCRAM credentials");
        }

        foreach (var user in answer.Results.Where(each => each.ErrorCode != ErrorCode.ResourceNotFound))
        {
            var infos = user.CredentialInfos.Select(info => string.Create(
                CultureInfo.InvariantCulture, $"{Mechanisms.FirstOrDefault(each => each.Code == info.Mechanism).Name ?? "UNKNOWN"}=iterations={info.Iterations}"));
            output.Write(user.ErrorCode == ErrorCode.None
                ? $"SCRAM credential configs for user-principal '{user.User}' are {string.Join(", ", infos)}\n"
                : $"Error retrieving SCRAM credential configs for user-principal '{user.User}': {user.ErrorCode}Exception: {user.ErrorMessage}\n");
        }
    }

    public async Task AlterAsync(string user, ConfigChanges changes, CancellationToken cancellationToken)
    {
        var request = new AlterUserScramCredentialsRequest
        {
            Deletions = [.. changes.Deleted.Select(name => new AlterUserScramCredentialsRequest.ScramCredentialDeletion
            {
                Name = user, Mechanism = Mechanisms.Single(each => each.Name == name).Code,
            })],
            Upsertions = [.. changes.Added.Select(pair => Credential(user, pair.Key, pair.Value))],
        };
        var result = (await cluster.AskControllerAsync(request, cancellationToken)).Results.FirstOrDefault(each => each.ErrorCode != ErrorCode.None);
        if (result is not null)
        {
            throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, $"The SCRAM credentials of {user}");
        }
    }

    private static AlterUserScramCredentialsRequest.ScramCredentialUpsertion Credential(string user, string name, string text)
    {
        var mechanism = Mechanisms.Single(each => each.Name == name);
        var parts = IterationsAndPassword().Match(text);
        var told = parts.Groups[1].Value;
        var iterations = DefaultIterations;
        if (!parts.Success || (told is not ("" or "-1") && !int.TryParse(told, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out iterations)))
        {
            throw new ToolUsageException($"Invalid credential property {name}={text}");
        }

        if (iterations < LeastIterations)
        {
            throw new ToolUsageException($"Iterations {iterations} is less than the minimum {LeastIterations} required for {name}");
        }

        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new()
        {
            Name = user,
            Mechanism = mechanism.Code,
            Iterations = iterations,
            Salt = salt,
            SaltedPassword = Rfc2898DeriveBytes.Pbkdf2(
                Encoding.UTF8.GetBytes(parts.Groups[2].Value), salt, iterations, mechanism.Hash, mechanism.Bytes),
        };
    }

    [GeneratedRegex("^(?:iterations=(-?[0-9]*),)?password=(.*)$", RegexOptions.Singleline)]
    private static partial Regex IterationsAndPassword();
}
