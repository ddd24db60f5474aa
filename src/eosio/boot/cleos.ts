/**
 * The steps of a boot as command lines, for people who boot by hand.
 *
 * @see the boot sequence tutorial, its command lines
 * @module
 */

import { PoaError } from '../../errors.js';
import { assertArray, assertObject, typeName } from '../../internal/bytes.js';
import type { NodePlan } from './nodeFiles.js';
import type { BootQuery, BootStep, PlannedAction, TransactionStep, WalletOperation } from './steps.js';
import { describeText, quoteWord } from './text.js';

/** An amount, which double quotes keep together as well as single ones do. */
const AMOUNT = /^-?[0-9]+(?:\.[0-9]+)? [A-Z]{1,7}$/;

/**
 * Renders a step as lines for a POSIX shell, in the form that the tutorial prints. Every value is quoted, so that none is ever read as anything but
 * itself; placeholders are quoted as they are, and commands with one fail until it is filled in.
 *
 * @param step - of a plan
 * @returns lines, first to last; those that start nodes go on running, each in a window of its own
 * @throws PoaError `CONFIG_INVALID` for a step of a kind that is none, and for a transaction whose actions cleos has no command for
 * @example
 * ```ts
 * import { planBoot, renderCleos } from 'poa-primitives/eosio';
 *
 * const { steps } = planBoot({
 *   rootKey: 'EOS8VJybqtm41PMmXL1QUUDSfCrs9umYN4U1ZNa34JhPZ9mU5r2Cm',
 *   accounts: [{ name: 'accountnum11', publicKey: 'EOS8mUftJXepGzdQ2TaCduNuSPAfXJHf22uex4u41ab1EVv9EAhWt' }],
 *   producers: ['accountnum11'],
 *   votes: [{ voter: 'accountnum11', producers: ['accountnum11'] }],
 * });
 * const [issue] = steps.filter(({ actions }) => actions[0]?.name === 'issue');
 * renderCleos(issue); // => [`cleos push action eosio.token issue '[ "eosio", "1000000000.0000 SYS", "memo" ]' -p eosio`]
 * ```
 * @see the boot sequence tutorial; [E22 Command lines](../RULES.md#e22-command-lines)
 */
export function renderCleos(step: BootStep): string[] {
  const where = 'renderCleos.step';
  assertObject(where, step);
  const kind: unknown = step.kind;
  const pause = pauseOf(step.waitAfter);
  switch (step.kind) {
    case 'wallet':
      assertArray(`${where}.operations`, step.operations);
      return [...step.operations.map((operation) => renderWallet(step.sequence === 'manual', operation)), ...pause];
    case 'node':
      assertArray(`${where}.nodes`, step.nodes);
      return [...step.nodes.flatMap((node) => renderNode(step.sequence === 'manual', node)), ...pause];
    case 'producer-api':
      return [
        `curl -X POST ${quoteWord(`http://${step.http}${step.path}`)} -d ${quoteWord(toJson(step.body, false))}`,
        ...pause,
      ];
    case 'query':
      return [renderQuery(step.query), ...pause];
    case 'transaction':
      assertArray(`${where}.actions`, step.actions);
      return [renderTransaction(step, step.actions), ...pause];
    default:
      throw new PoaError('CONFIG_INVALID', {
        where: `${where}.kind`,
        expected: 'a kind of step',
        got: describeText(kind),
      });
  }
}

function pauseOf(milliseconds: unknown): string[] {
  return typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < Number.POSITIVE_INFINITY
    ? [`sleep ${milliseconds / 1_000}`]
    : [];
}

function renderWallet(isManual: boolean, operation: WalletOperation): string {
  switch (operation.operation) {
    case 'create-wallet':
      return isManual ? 'cleos wallet create' : 'cleos wallet create --to-console';
    case 'create-key': {
      const { account } = operation;
      // Nothing is quoted in a comment, so only a name may stand there.
      if (!/^[a-z1-5.]{1,13}$/.test(account)) throw noCommand('a key of what is no name');
      return `cleos create key${isManual ? '' : ' --to-console'}  # for ${account}`;
    }
    case 'import-key':
      return words(`cleos wallet import${isManual ? '' : ' --private-key'}`, operation.keyPlaceholder);
    default:
      throw noCommand(`an operation that is none: ${typeName(operation)}`);
  }
}

/**
 * Folders, the genesis where the node expects a copy of it, and the node itself: in the scripts in the background, with its log in the file
 * that their last step shows.
 */
function renderNode(isManual: boolean, node: NodePlan): string[] {
  const lines = node.directories.map((directory) => words('mkdir -p', directory));
  const own = node.directory === null ? undefined : `${node.directory}/genesis.json`;
  if (own !== undefined && node.arguments.includes(own)) lines.push(words('cp genesis.json', own));
  const background = isManual || node.directory === null ? '' : `  2>>${quoteWord(`${node.directory}/stderr`)} &`;
  return [...lines, `${node.command}${background}`];
}

function renderQuery(query: BootQuery): string {
  if (query.show === 'producers') return 'cleos system listproducers';
  if (query.show === 'account') return words('cleos get account', query.account);
  return words('tail -n 60', query.file);
}

/** One command for the whole transaction, where cleos has one. */
function renderTransaction(step: TransactionStep, actions: readonly PlannedAction[]): string {
  const [first, second, third] = actions;
  const names = actions.map(({ name }) => name).join(' ');
  if (first === undefined) throw noCommand('no action');
  const { args } = first;
  if (names === 'newaccount') return renderNewAccount('cleos create account', first);
  if (/^newaccount buyram(?:bytes)?(?: delegatebw)?$/.test(names) && second !== undefined)
    return renderStakedAccount(step, first, second, third);
  if (names === 'setcode setabi' && step.directory !== undefined)
    return words('cleos set contract', textOf(args.account), step.directory);
  if (actions.length > 1) throw noCommand(`${actions.length} actions`);
  if (first.account === 'eosio.token' && first.name === 'transfer')
    return words('cleos transfer', textOf(args.from), textOf(args.to), textOf(args.quantity), ...memoOf(args.memo));
  const own = first.account === 'eosio' ? renderSystem : first.account === 'eosio.msig' ? renderProposal : undefined;
  return own?.(first) ?? renderPush(step, first);
}

function renderNewAccount(command: string, { args }: PlannedAction): string {
  return words(command, textOf(args.creator), textOf(args.name), keyIn(args.owner), keyIn(args.active));
}

function renderStakedAccount(
  step: BootStep,
  { args }: PlannedAction,
  ram: PlannedAction,
  stake: PlannedAction | undefined,
): string {
  const [owner, active] = [keyIn(args.owner), keyIn(args.active)];
  const keys = owner === active ? [owner] : [owner, active];
  const creator = textOf(args.creator);
  const options = [
    '--stake-net',
    textOf(stake?.args.stake_net_quantity ?? zeroLike(ram.args.quant)),
    '--stake-cpu',
    textOf(stake?.args.stake_cpu_quantity ?? zeroLike(ram.args.quant)),
  ];
  // Bytes are said only where they are not those that cleos buys anyway.
  if (ram.name === 'buyram') options.push('--buy-ram', textOf(ram.args.quant));
  else if (ram.args.bytes !== 8_192) options.push('--buy-ram-bytes', String(ram.args.bytes));
  return step.sequence === 'manual'
    ? words('cleos system newaccount', creator, '--transfer', textOf(args.name), ...keys, ...options)
    : words('cleos system newaccount --transfer', creator, textOf(args.name), ...keys, ...options);
}

/** No stake at all, in the symbol of another amount. */
function zeroLike(amount: unknown): string {
  return textOf(amount ?? '0.0000 SYS')
    .replaceAll(/[1-9]/g, '0')
    .replace(/^0+(?=\d)/, '');
}

/** The commands of `cleos system`; undefined for an action that has none. */
function renderSystem({ name, args }: PlannedAction): string | undefined {
  switch (name) {
    case 'regproducer': {
      const location = args.location === 0 ? [] : [String(args.location)];
      const [producer, key, url] = [textOf(args.producer), textOf(args.producer_key), textOf(args.url)];
      return words('cleos system regproducer', producer, key, url, ...location);
    }
    case 'voteproducer': {
      const voter = textOf(args.voter);
      if (args.proxy !== '') return words('cleos system voteproducer proxy', voter, textOf(args.proxy));
      const producers = Array.isArray(args.producers) ? args.producers : [];
      return words('cleos system voteproducer prods', voter, ...producers.map(textOf));
    }
    case 'regproxy':
      return words('cleos system regproxy', textOf(args.proxy));
    case 'claimrewards':
      return words('cleos system claimrewards', textOf(args.owner));
    default:
      return undefined;
  }
}

/** The commands of `cleos multisig`; undefined for an action that has none. */
function renderProposal({ name, args }: PlannedAction): string | undefined {
  const proposer = textOf(args.proposer);
  const proposal = textOf(args.proposal_name);
  if (name === 'approve')
    return words('cleos multisig approve', proposer, proposal, toJson(args.level, false), '-p', actorOf(args.level));
  if (name === 'exec') return words('cleos multisig exec', proposer, proposal, '-p', textOf(args.executer));
  if (name !== 'propose') return undefined;
  const requested = toJson(args.requested, false);
  return words('cleos multisig propose_trx', proposal, requested, toJson(args.trx, false), '-p', proposer);
}

function renderPush(step: BootStep, action: PlannedAction): string {
  const { account, name, args, authorization } = action;
  const levels = authorization.flatMap(({ actor, permission }) => [
    '-p',
    permission === 'active' ? textOf(actor) : `${textOf(actor)}@${textOf(permission)}`,
  ]);
  const values = Object.values(args);
  // The tutorial gives flat arguments by position, and three zeros more that the ABI of its day still had.
  const isFlat = values.every((value) => typeof value !== 'object');
  const extra = step.sequence === 'manual' && account === 'eosio.token' && name === 'create' ? ', 0, 0, 0]' : undefined;
  let json = toJson(isFlat ? values : args, isFlat && step.sequence === 'manual');
  if (extra !== undefined) json = `${json.slice(0, -2)}${extra}`;
  return words('cleos push action', textOf(account), textOf(name), json, ...levels);
}

/** A command, then each word quoted; amounts in double quotes, as the tutorial has them. */
function words(command: string, ...parts: readonly string[]): string {
  return [command, ...parts.map((part) => (AMOUNT.test(part) ? `"${part}"` : quoteWord(part)))].join(' ');
}

/** JSON as the scripts print it, on one line with a space behind commas and colons; `spaced` as the tutorial does, with spaces inside the brackets. */
function toJson(value: unknown, spaced: boolean): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => toJson(item, false)).join(', ');
    return spaced ? `[ ${items} ]` : `[${items}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${toJson(item, false)}`);
    return `{${members.join(', ')}}`;
  }
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? 'null');
}

/** Text as it is; whatever else a step may hold in its place, as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : toJson(value, false);
}

function memoOf(memo: unknown): string[] {
  return memo === '' || memo === undefined ? [] : [textOf(memo)];
}

function keyIn(authority: unknown): string {
  const keys = memberOf(authority, 'keys');
  return textOf(memberOf(Array.isArray(keys) ? keys[0] : undefined, 'key'));
}

function actorOf(level: unknown): string {
  return textOf(memberOf(level, 'actor'));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function noCommand(got: string): PoaError {
  return new PoaError('CONFIG_INVALID', { where: 'renderCleos.step', expected: 'what cleos has a command for', got });
}
