#!/bin/sh
# What `make test` needs beyond Python: a browser, and the programs of PostgreSQL and nginx (no running server).
# Never fails by itself: tests whose program is missing are skipped, or fail where CI=true.
set -u

have_chromium() {
	command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1
}

have_postgresql() {
	command -v postgres >/dev/null 2>&1 && return
	for program in /usr/lib/postgresql/*/bin/postgres; do
		[ -x "$program" ] && return
	done
	return 1
}

# Beside root's programs, which are not on everybody's PATH.
have_nginx() {
	command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ]
}

can_install() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

# Debian's package would otherwise make a cluster and start it.
make_no_cluster() {
	[ -e /etc/postgresql-common/createcluster.conf ] && return
	mkdir -p /etc/postgresql-common
	echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
}

# confold: dpkg must not stop to ask about the file above.
apt_install() {
	DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
		-o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@"
}

# Debian would start the server that it installs, on port 80 of whoever only wants to run tests.
start_nothing() {
	[ -e /usr/sbin/policy-rc.d ] && return
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod +x /usr/sbin/policy-rc.d
	trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

install() {
	package=$1
	echo "Installing $package, which some tests need."
	log=$(mktemp)
	# Old package lists name files that are gone, so a failure is tried again with new ones.
	if ! { apt_install "$package" || { apt-get update -qq && apt_install "$package"; }; } >"$log" 2>&1; then
		echo "Could not install $package: $(tail -n 1 "$log")" >&2
	fi
	rm -f "$log"
}

need() {
	is_there=$1 package=$2 tests=$3
	$is_there && return
	if can_install; then
		[ "$package" = postgresql ] && make_no_cluster
		[ "$package" = nginx ] && start_nothing
		install "$package"
	fi
	$is_there && return
	if [ "${CI:-}" = true ]; then
		echo "$package is missing: $tests will fail, since CI=true." >&2
	else
		echo "$package is missing: $tests will be skipped."
	fi
}

need have_chromium chromium-headless-shell "the browser's tests"
need have_postgresql postgresql "the tests on PostgreSQL"
need have_nginx nginx "the tests of nginx"
exit 0
